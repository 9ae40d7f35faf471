using ControlPlane.Primitives;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Simulation.Clients;

/// <summary>Whoever deploys the functions, and then now and then deploys anew, sets limits, cordons and drains workers and takes that back.</summary>
internal sealed class OperatorClient(World world) : ISimulatedClient
{
    private readonly DrawStream _draws = world.Draws.Stream("operator client");
    private readonly Caller _caller = new(world, world.Draws.Stream("operator caller"));
    private int _deployed;
    private bool _stopped;

    public bool IsWaiting { get; private set; }

    public void Start() => Deploy(0);

    public void Stop()
    {
        _stopped = true;
    }

    private void Deploy(int function)
    {
        var definition = new FunctionDefinition
        {
            Name = FunctionName.Create($"function-{function}"),
            Command = ["./bootstrap"],
            CodePath = $"/code/{_deployed++ / (2 * world.Knobs.Functions)}",
            MemoryMib = 128,
            Timeout = TimeSpan.FromSeconds(3),
            WarmTarget = (uint)_draws.Below(3),
            ReservedConcurrency = _draws.Below(4) == 0 ? 4u : 0,
            IdleTimeout = TimeSpan.FromSeconds(_draws.Below(3) * 5),
        };
        Ask(call => new DeployFunction(call, definition), function + 1 < world.Knobs.Functions && _deployed < world.Knobs.Functions ? () => Deploy(function + 1) : Wait);
    }

    private void Wait() => world.Agenda.In(_draws.Between(3, 20) * Durations.Second, () =>
    {
        if (!_stopped)
        {
            Order();
        }
    });

    private void Order()
    {
        var worker = WorkerName.Create($"worker-{_draws.Below(Math.Max(1, world.Knobs.Workers))}");
        var tenant = TenantName.Create($"tenant-{_draws.Below(world.Knobs.Tenants)}");
        switch (_draws.Below(4))
        {
            case 0:
                Deploy(_draws.Below(world.Knobs.Functions));
                break;
            case 1:
                Ask(call => new SetTenantLimit(call, tenant, (uint)_draws.Below(3) * 8), Wait);
                break;
            case 2:
                Ask(call => new CordonWorker(call, worker), () => Later(() => Ask(call => new UncordonWorker(call, worker), Wait)));
                break;
            default:
                Ask(call => new DrainWorker(call, worker, TimeSpan.FromSeconds(1)), () => Later(() => Ask(call => new UncordonWorker(call, worker), Wait)));
                break;
        }
    }

    private void Later(Action next) => world.Agenda.In(_draws.Between(500, 4_000) * Durations.Millisecond, next);

    private void Ask(Func<CallId, Command> make, Action next)
    {
        IsWaiting = true;
        _caller.Ask(new Question.Manager(make), _ => { }, _ =>
        {
            IsWaiting = false;
            world.Operations++;
            next();
        });
    }
}
