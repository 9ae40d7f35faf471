using ControlPlane.Primitives;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.Simulation.Workers;

/// <summary>
/// A worker: an agent that dials the plane, starts and ends sandboxes, and guards each with a gate. Its gates' memory outlives the agent, not a
/// reboot, after which nothing is revived.
/// </summary>
internal sealed class SimulatedWorker
{
    private readonly World _world;
    private readonly DrawStream _draws;
    private readonly DrawStream _delays;
    private readonly SortedDictionary<SequenceNumber, SimulatedSandbox> _sandboxes = [];
    private readonly Queue<Action> _waiting = [];
    private WorkerSession? _session;
    private bool _isServed;
    private int? _hint;
    private int _turn;
    private int _life;
    private long _frozenUntil;
    private long _cutUntil;
    private uint _driftPermille;
    private long _beatEvery = Durations.Second;

    public SimulatedWorker(World world, int index)
    {
        (_world, Index) = (world, index);
        _draws = world.Draws.Stream("worker", index);
        _delays = world.Draws.Stream("session delay", index);
        Name = WorkerName.Create($"worker-{index}");
        _turn = index;
    }

    public int Index { get; }

    public WorkerName Name { get; }

    public UInt128 Incarnation { get; private set; } = 1;

    public IReadOnlyCollection<SimulatedSandbox> Sandboxes => _sandboxes.Values;

    public void Start() => Dial(_life);

    /// <summary>The agent is killed and comes back; its sandboxes come back with it, or the machine was rebooted and they are gone.</summary>
    public void Restart(bool keepsSandboxes)
    {
        _life++;
        Incarnation++;
        End(_session);
        if (keepsSandboxes)
        {
            foreach (var sandbox in _sandboxes.Values)
            {
                sandbox.IsReady = false;
                Boot(sandbox);
            }
        }
        else
        {
            _sandboxes.Clear();
        }

        Again(_draws.Between(100, 2_000) * Durations.Millisecond);
    }

    public void Freeze(long until)
    {
        _frozenUntil = Math.Max(_frozenUntil, until);
        _world.Agenda.At(_frozenUntil, Thaw);
    }

    /// <summary>The way to the plane is gone until then.</summary>
    public void Cut(long until)
    {
        _cutUntil = Math.Max(_cutUntil, until);
        if (_session is { } session)
        {
            session.Close();
            Lost(session);
        }
    }

    /// <summary>A sandbox's process dies by itself.</summary>
    public void Kill(SimulatedSandbox sandbox, string reason)
    {
        if (_sandboxes.Remove(sandbox.Id.Position))
        {
            _session?.Say(session => new SandboxDied(session, sandbox.Id, reason));
        }
    }

    /// <summary>Does it now, or when the worker goes on.</summary>
    public void Do(Action action)
    {
        if (_world.Agenda.Now < _frozenUntil || _waiting.Count > 0)
        {
            _waiting.Enqueue(action);
        }
        else
        {
            action();
        }
    }

    /// <summary>A caller shows a token at the gate.</summary>
    public void Invoke(SandboxId id, FencingToken token, TenantName tenant, Action<GateAnswer> answered) => Do(() =>
    {
        var answer = GateAnswer.NoSandbox;
        if (_sandboxes.TryGetValue(id.Position, out var sandbox) && sandbox.IsServed)
        {
            answer = sandbox.Gate.Judge(token, tenant, _world.Agenda.Now);
            if (answer == GateAnswer.Ran)
            {
                _world.Gates.Admitted(id, token);
                if (sandbox.Gate.Enter(token))
                {
                    _session?.Say(session => new GrantConfirmed(session, id, token));
                }
            }
        }

        _world.Note(Happening.Gate, Index, token.Position.Value + ((ulong)answer << 56));
        answered(answer);
    });

    public void Receive(WorkerSession session, WorkerEffect effect)
    {
        if (session != _session)
        {
            return;
        }

        _world.Note(Happening.Worker, Index, (ulong)effect.GetType().Name.Length);
        switch (effect)
        {
            case OpenSession open:
                _isServed = true;
                _driftPermille = open.DriftPermille;
                _beatEvery = Durations.Of(open.HeartbeatInterval);
                foreach (var unknown in open.Quarantine)
                {
                    _world.Coverage.Hit("a sandbox was quarantined");
                    if (Of(unknown) is { } kept)
                    {
                        kept.IsServed = false;
                    }
                }

                Beat(session);
                break;
            case CloseSession:
                End(session);
                Again(_draws.Between(100, 1_000) * Durations.Millisecond);
                break;
            case CreateSandbox create:
                Create(create.Sandbox);
                break;
            case DestroySandbox destroy:
                Later(_draws.Between(1, 50), () => Destroy(destroy.Sandbox));
                break;
            case Grant grant:
                // The worker counts from receiving, and fences itself early by what two clocks may drift apart.
                Of(grant.Sandbox)?.Gate.Push(grant.Fence, grant.Tenant, _world.Agenda.Now + (Durations.Of(grant.Ttl) / 1_000 * (1_000 - _driftPermille)));
                break;
            case Revoke revoke:
                Of(revoke.Sandbox)?.Gate.Revoke(revoke.Floor);
                if (revoke.Acknowledge && Of(revoke.Sandbox) is not null)
                {
                    session.Say(id => new FloorAcknowledged(id, revoke.Sandbox, revoke.Floor));
                }

                break;
            case RequestInventory:
                session.Say(id => new InventoryReported(id, Inventory()));
                break;
        }
    }

    public void Refused(WorkerSession session, int? hint)
    {
        if (session == _session)
        {
            _hint = hint;
            End(session);
            Again(_draws.Between(20, 250) * Durations.Millisecond);
        }
    }

    public void Lost(WorkerSession session)
    {
        if (session == _session)
        {
            End(session);
            Again(_draws.Between(20, 500) * Durations.Millisecond);
        }
    }

    private SimulatedSandbox? Of(SandboxId id) => _sandboxes.GetValueOrDefault(id.Position);

    private void Thaw()
    {
        while (_world.Agenda.Now >= _frozenUntil && _waiting.TryDequeue(out var action))
        {
            action();
        }
    }

    private void End(WorkerSession? session)
    {
        session?.Close();
        (_session, _isServed) = (null, false);
    }

    private void Again(long wait)
    {
        var life = _life;
        _world.Agenda.In(Math.Max(wait, _cutUntil - _world.Agenda.Now), () => Do(() => Dial(life)));
    }

    private void Dial(int life)
    {
        if (life != _life || _session is not null)
        {
            return;
        }

        var node = _hint ?? (_turn++ % _world.Nodes.Count);
        _hint = null;
        if (_world.Agenda.Now < _cutUntil || _world.Nodes[node].Process is not { } process)
        {
            Again(_draws.Between(20, 500) * Durations.Millisecond);
            return;
        }

        var session = new WorkerSession(_world, this, process, _delays);
        _session = session;
        session.Open(Hello());
        _world.Agenda.In(3 * Durations.Second, () => Do(() =>
        {
            if (session == _session && !_isServed)
            {
                Lost(session);
            }
        }));
    }

    private WorkerHello Hello() => new(Name, Incarnation, $"zone-{Index % 2}", [], 4_096, 6, Name.Value, Inventory());

    private InventoryItem[] Inventory() =>
    [
        .. _sandboxes.Values.Select(sandbox => new InventoryItem(
            sandbox.Id,
            !sandbox.IsServed ? InventoryState.Quarantined : sandbox.IsReady ? InventoryState.Ready : InventoryState.Starting,
            sandbox.Gate.Highest)),
    ];

    private void Create(SandboxId id)
    {
        if (!_sandboxes.ContainsKey(id.Position))
        {
            var sandbox = new SimulatedSandbox(id);
            _sandboxes.Add(id.Position, sandbox);
            Boot(sandbox);
        }
    }

    private void Destroy(SandboxId id)
    {
        if (Of(id) is { } sandbox)
        {
            Kill(sandbox, "retired");
        }
        else
        {
            _session?.Say(session => new SandboxDied(session, id, "gone already"));
        }
    }

    private void Boot(SimulatedSandbox sandbox) => Later(_draws.Between(20, 400), () =>
    {
        if (Of(sandbox.Id) == sandbox && !sandbox.IsReady)
        {
            sandbox.IsReady = true;
            _session?.Say(session => new SandboxBecameReady(session, sandbox.Id));
        }
    });

    private void Beat(WorkerSession session)
    {
        if (session == _session)
        {
            session.Say(id => new Heartbeat(id, 0.5, 4, 512));
            _world.Agenda.In(_beatEvery, () => Do(() => Beat(session)));
        }
    }

    private void Later(long milliseconds, Action action)
    {
        var life = _life;
        _world.Agenda.In(milliseconds * Durations.Millisecond, () => Do(() =>
        {
            if (life == _life)
            {
                action();
            }
        }));
    }
}
