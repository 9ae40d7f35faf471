using ControlPlane.Primitives;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;
using ControlPlane.Simulation.Workers;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Simulation.Clients;

/// <summary>A client of the worker manager: leases a sandbox, uses it at its gate, renews, gives back or lets expire; now and then shows a token that is not its own.</summary>
internal sealed class LeaseClient : ISimulatedClient
{
    private readonly World _world;
    private readonly LeaseRecord _record;
    private readonly DrawStream _draws;
    private readonly Caller _caller;
    private readonly TenantName _tenant;
    private readonly ClientId _id;
    private ulong _sequence;
    private FencingToken _earlier;
    private int _left;
    private bool _stopped;

    public LeaseClient(World world, LeaseRecord record, int index)
    {
        (_world, _record) = (world, record);
        _draws = world.Draws.Stream("lease client", index);
        _caller = new Caller(world, world.Draws.Stream("caller", index));
        _tenant = TenantName.Create($"tenant-{index % world.Knobs.Tenants}");
        _id = new ClientId(_draws.Identifier());
        _left = world.Knobs.OperationsPerClient == 0 ? int.MaxValue : world.Knobs.OperationsPerClient;
    }

    public bool IsWaiting { get; private set; }

    public void Start() => Pause(Allocate);

    public void Stop() => _stopped = true;

    private void Pause(Action next) => _world.Agenda.In(_draws.Between(0, 2L * _world.Knobs.PauseMs) * Durations.Millisecond, () =>
    {
        if (!_stopped && _left-- > 0)
        {
            next();
        }
    });

    private void Allocate()
    {
        IsWaiting = true;
        var waits = _draws.Below(3) == 0 ? 0 : _draws.Between(50, 1_000);
        var sequence = ++_sequence;
        var request = new AllocateRequest
        {
            Request = new RequestId(_draws.Identifier()),
            Client = _id,
            ClientSequence = new ClientSequence(sequence),
            ClientAcknowledged = new ClientSequence(_draws.Below(2) == 0 ? 0 : sequence - 1),
            Tenant = _tenant,
            Function = FunctionName.Create($"function-{_draws.Below(_world.Knobs.Functions)}"),
            Count = _draws.Below(8) == 0 ? 2 : 1,
            Priority = _draws.Below(3),
            MaxWait = TimeSpan.FromMilliseconds(waits),
            ColdPolicy = (ColdPolicy)(1 + _draws.Below(3)),
            Ttl = TimeSpan.FromMilliseconds(_draws.Between(_world.Knobs.TtlMs / 2, 2L * _world.Knobs.TtlMs)),
            ConfirmWithin = TimeSpan.FromMilliseconds(_draws.Below(4) == 0 ? 500 : 0),
        };
        _caller.Ask(
            new Question.Manager(call => new Allocate(call, request)),
            attempt => _record.Allocated(request, attempt),
            answer => Answered(((CallAnswer.Said)answer).Outcome),
            waits * Durations.Millisecond);
    }

    private void Answered(Outcome outcome)
    {
        Done();
        if (outcome is Granted granted)
        {
            Use(granted.Leases[^1], granted.Leases);
        }
        else
        {
            _world.Coverage.Hit($"allocation refused: {((Refused)outcome).Rejection.Reason}");
            Pause(Allocate);
        }
    }

    private void Use(LeaseView lease, IReadOnlyList<LeaseView> all)
    {
        switch (_draws.Below(10))
        {
            case < 5:
                Invoke(lease, () => Pause(() => Release(all)));
                break;
            case < 7:
                Invoke(lease, () => Pause(() => Renew(lease, () => Invoke(lease, () => Pause(() => Release(all))))));
                break;
            case < 8:
                // Forgotten: it goes back by itself.
                Invoke(lease, () => Pause(Allocate));
                break;
            case < 9:
                Pretend(lease, () => Pause(() => Release(all)));
                break;
            default:
                // Too late, perhaps: whoever has lost it is told.
                var late = Durations.Of(lease.Ttl) + (_draws.Between(-200, 600) * Durations.Millisecond);
                _world.Agenda.In(Math.Max(late, 0), () => Invoke(lease, () => Renew(lease, () => Release(all))));
                break;
        }
    }

    private void Invoke(LeaseView lease, Action next, int tries = 0)
    {
        var worker = _world.Workers.Single(worker => worker.Name.Value == lease.Endpoint);
        var invoked = _world.Agenda.Now;
        _world.Agenda.In(_draws.Between(50, 500) * Durations.Microsecond, () => worker.Invoke(lease.Sandbox, lease.Fence, _tenant, answer =>
        {
            _world.Coverage.Hit($"gate: {answer}");
            _record.Invoked(lease, invoked, answer);
            if (answer == GateAnswer.AwaitGrant && tries < 5)
            {
                _world.Agenda.In(100 * Durations.Millisecond, () => Invoke(lease, next, tries + 1));
            }
            else
            {
                _earlier = lease.Fence;
                Done();
                next();
            }
        }));
    }

    private void Renew(LeaseView lease, Action next)
    {
        IsWaiting = true;
        var ttl = TimeSpan.FromMilliseconds(_draws.Between(_world.Knobs.TtlMs / 2, 2L * _world.Knobs.TtlMs));
        _caller.Ask(
            new Question.Manager(call => new Renew(call, _tenant, [new RenewItem(new HeldLease(lease.Id, lease.Fence), ttl)])),
            attempt => _record.Renewed(lease, ttl, attempt),
            _ =>
            {
                Done();
                next();
            });
    }

    private void Release(IReadOnlyList<LeaseView> leases)
    {
        IsWaiting = true;
        _caller.Ask(
            new Question.Manager(call => new Release(call, _tenant, [.. leases.Select(lease => new HeldLease(lease.Id, lease.Fence))])),
            attempt => _record.Released(leases, attempt),
            _ =>
            {
                Done();
                Pause(Allocate);
            });
    }

    // A lease is named with the token of another: nobody may be released or renewed by that.
    private void Pretend(LeaseView lease, Action next)
    {
        IsWaiting = true;
        var held = new HeldLease(lease.Id, _earlier);
        _caller.Ask(
            new Question.Manager(call => new Release(call, _tenant, [held])),
            attempt => LeaseRecord.Pretended(held, attempt),
            _ =>
            {
                Done();
                next();
            });
    }

    private void Done()
    {
        IsWaiting = false;
        _world.Operations++;
    }
}
