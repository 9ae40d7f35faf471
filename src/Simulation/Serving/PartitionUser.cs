using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Time;
using ControlPlane.Simulation.Workers;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using Google.Protobuf;

namespace ControlPlane.Simulation.Serving;

/// <summary>
/// Serves a partition of the worker manager, as <c>Runtime/Partitions/PartitionLoop</c> does: decides on the speculative state, appends, lets out what
/// the commit has reached, arms the timer; when it is deposed, throws the speculation away.
/// </summary>
internal sealed class PartitionUser : INodeUser
{
    private readonly NodeProcess _process;
    private readonly World _world;
    private readonly CoreOptions _options;
    private readonly StepOutput _output = new();
    private readonly List<ReadOnlyMemory<byte>> _payloads = [];
    private readonly SortedDictionary<ulong, OpenCall> _calls = [];
    private readonly SortedDictionary<ulong, WorkerSession> _sessions = [];
    private readonly SpokenStates _spoken;
    private PartitionReplay _state;
    private LeaderClock _clock;
    private JournalFence _fence;
    private ulong _lastCall;
    private ulong _lastSession;
    private JournalTime? _armedFor;
    private int _armed;

    public PartitionUser(NodeProcess process)
    {
        (_process, _world) = (process, process.World);
        _spoken = new SpokenStates(process);
        _options = OptionsOf(process.World.Knobs);
        _state = new PartitionReplay(_options);
    }

    public IStateMachine State => _state;

    private WorkerManagerCore Core => _state.Core;

    private bool Leads => _process.Leads && Core.IsLeading;

    /// <summary>What leaders decide by in a run.</summary>
    public static CoreOptions OptionsOf(SimulationKnobs knobs) => new()
    {
        LostAfter = TimeSpan.FromSeconds(4),
        StateHashInterval = 256,
        InitialSettings = Settings.Default with { EndedRequestsMax = 2_000 },
        HeartbeatInterval = TimeSpan.FromMilliseconds(Math.Max(500, knobs.HeartbeatMs * 5)),
    };

    public IStateMachine NewState() => new PartitionReplay(_options);

    public void Reset(IStateMachine state) => _state = (PartitionReplay)state;

    public void Lead()
    {
        var sequencer = _process.Node.Sequencer!;
        _clock = new LeaderClock(_process.Host, sequencer.LastTime);
        _fence = new JournalFence(sequencer.Epoch.Value);
        var raised = _process.Node.RaiseFence(_fence, sequencer.Fence, _clock.Now);
        Invariant.Check(raised.Fence == _fence, "a new reign's fence is above every older one");
        Core.Skip(new EntryContext(raised.First, sequencer.Epoch, sequencer.LastTime));
        Core.Lead(sequencer.Epoch, _process.Host.Name, _clock.Now, _output);
        Append();
    }

    public void Deposed()
    {
        Gone();
        _armedFor = null;
        _armed++;
        _spoken.Drop();
    }

    public void Gone()
    {
        _calls.Clear();
        _world.Calls.Broken(_process.Host.Index);
        foreach (var session in _sessions.Values)
        {
            session.Break();
        }

        _sessions.Clear();
    }

    public void Handle(OpenCall call)
    {
        var id = ++_lastCall;
        _calls.Add(id, call);
        Step(((Question.Manager)call.Question).Make(new CallId(id)));
    }

    /// <summary>A worker dials in. False if another node leads.</summary>
    public bool Connect(WorkerSession session, WorkerHello hello)
    {
        if (!Leads)
        {
            return false;
        }

        session.Id = new SessionId(++_lastSession);
        _sessions.Add(session.Id.Value, session);
        Step(new WorkerConnected(session.Id, hello));
        return true;
    }

    /// <summary>A worker says something.</summary>
    public void Say(WorkerSession session, Func<SessionId, Command> command)
    {
        if (Leads && _sessions.ContainsKey(session.Id.Value))
        {
            Step(command(session.Id));
        }
    }

    /// <summary>A worker's connection has ended.</summary>
    public void Disconnect(WorkerSession session)
    {
        if (_sessions.Remove(session.Id.Value) && Leads)
        {
            Step(new WorkerDisconnected(session.Id));
        }
    }

    public void EndBatch(SequenceNumber committed)
    {
        _spoken.Release(committed);
        Arm(Leads ? Core.NextTimer : null);
    }

    private void Step(Command command)
    {
        Core.Step(command, _clock.Now, _output);
        Append();
    }

    private void Append()
    {
        var hasEntries = _output.Entries.Count > 0;
        if (hasEntries)
        {
            _payloads.Clear();
            foreach (var entry in _output.Entries)
            {
                _payloads.Add(entry.ToByteArray());
            }

            var request = new AppendRequest { Payloads = _payloads, Fence = _fence, ProducerVersion = EntryFormat.Version };
            var result = _process.Node.Append(request, _output.Time);
            Invariant.Check(result.Status == AppendStatus.Ok, "the leader's own journal takes its entries");
            Invariant.Check(result.First == _output.FirstPosition, "the journal gives the positions that the core assumed");
            Invariant.Check(_process.Node.Sequencer!.LastTime == _output.Time, "the journal keeps the stamp that the core decided by");
            _spoken.Add(result.Last, Core.Hash.Value);
            _world.Note(Happening.Stepped, _process.Host.Index, (ulong)Core.Hash.Value);
        }

        var after = _process.Node.Sequencer!.Tail.Previous;
        foreach (var effect in _output.Effects)
        {
            _process.Held.Add(after, hasEntries, () => Release(effect));
        }
    }

    private void Release(Effect effect)
    {
        switch (effect)
        {
            case Reply reply:
                if (_calls.Remove(reply.Call.Value, out var call))
                {
                    call.Answer(new CallAnswer.Said(reply.Outcome), _process.Host.Now);
                }

                break;
            case WorkerEffect toWorker:
                if (_sessions.TryGetValue(toWorker.Session.Value, out var session))
                {
                    session.Deliver(toWorker, _process.Host.Now);
                    if (effect is CloseSession)
                    {
                        _sessions.Remove(toWorker.Session.Value);
                    }
                }

                break;
            default:
                Invariant.Unreachable("every kind of effect is released");
                break;
        }
    }

    private void Arm(JournalTime? due)
    {
        if (due == _armedFor)
        {
            return;
        }

        _armedFor = due;
        var armed = ++_armed;
        if (due is not { } at)
        {
            return;
        }

        var wait = Math.Max(0, at.Nanoseconds - _clock.Now.Nanoseconds) + Durations.Millisecond;
        _world.Agenda.At(_process.Host.Now + _process.Host.Clock.TrueTimeOf(wait), () => _process.Host.Post(process =>
        {
            if (process == _process && armed == _armed)
            {
                _armedFor = null;
                if (Leads)
                {
                    Step(Tick.Instance);
                }
            }
        }));
    }
}
