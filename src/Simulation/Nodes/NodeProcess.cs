using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Registers;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Serving;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Nodes;

/// <summary>
/// One process on a node, from its start to its end: production's protocol (<see cref="JournalNode"/>, <see cref="Acceptor"/>) joined to the simulated
/// disk, network and clock in the way that <c>Runtime/Journals/JournalEngine</c> joins it to real ones. Thrown away with the process.
/// </summary>
internal sealed class NodeProcess
{
    private const int SettlingMax = 10_000;

    private readonly NodePort _port;
    private readonly Acceptor _acceptor;
    private readonly HandOverOrder _handOver;
    private readonly SnapshotKeeping _snapshots;
    private readonly SnapshotFetch _fetch;
    private readonly INodeUser _user;
    private readonly Formation _formation;
    private readonly long _started;
    private JournalState _state = new();
    private bool _tickWaits;
    private ulong _asked;

    public NodeProcess(World world, SimulatedNode host, JournalEnd end)
    {
        (World, Host) = (world, host);
        _started = host.Clock.Running;
        _port = new NodePort(this);
        _acceptor = new Acceptor(host.Replica, host.Disk.Acceptor);
        var committed = host.Disk.NewestSnapshot?.Applied.Last ?? SequenceNumber.None;
        LedgerSeen = committed;
        var knobs = world.Knobs;
        var timings = new ReignTimings
        {
            Heartbeat = TimeSpan.FromMilliseconds(knobs.HeartbeatMs),
            Lease = TimeSpan.FromMilliseconds(knobs.LeaseMs),
            Stagger = TimeSpan.FromMilliseconds(knobs.StaggerMs),
            OpeningPatience = TimeSpan.FromMilliseconds(knobs.PatienceMs),
            WindowEntries = (ulong)knobs.WindowEntries,
        };
        Node = new JournalNode(host.Replica, world.Journal, timings, _port, host.Disk.Promise, end, committed, Now);
        Register = new RegisterCaller(this, world.Draws.Stream("proposer", (host.Index << 16) + host.Incarnation));
        Held = new HeldReplies(this);
        _handOver = new HandOverOrder(Node);
        _user = knobs.Workload == Workload.Journal ? new JournalUser(this) : new PartitionUser(this);
        _snapshots = new SnapshotKeeping(this);
        _fetch = new SnapshotFetch(this);
        _formation = new Formation(this);
    }

    public World World { get; }

    public SimulatedNode Host { get; }

    public JournalNode Node { get; }

    public RegisterCaller Register { get; }

    public HeldReplies Held { get; }

    public INodeUser User => _user;

    /// <summary>Time of this process only.</summary>
    public TimeSpan Now => Durations.ToTimeSpan(Host.Clock.Running + Host.Elapsed - _started);

    /// <summary>True while this node may append.</summary>
    public bool Leads => HasLed && _handOver.Successor is null && Node.Sequencer is not null;

    /// <summary>True from the beginning of a reign here to its end, also while it is handed over.</summary>
    public bool HasLed { get; private set; }

    /// <summary>The replica that is known to write, or is being handed over to.</summary>
    public ReplicaId? KnownWriter => _handOver.Successor ?? (HasLed ? Host.Replica : Node.Reign is { } reign && reign.Writer != Host.Replica ? reign.Writer : null);

    /// <summary>Last position that this process has reported as committed.</summary>
    public SequenceNumber LedgerSeen { get; set; }

    /// <summary>The journal's own state; speculative while the node leads.</summary>
    public JournalState JournalState => _state;

    public void Begin()
    {
        Node.SnapshotTaken(Host.Disk.NewestSnapshot?.Applied.Last ?? SequenceNumber.None);
        Restart();
        _formation.Begin();
        Tick();
    }

    public void Receive(ReadOnlyMemory<byte> bytes)
    {
        var isWhole = PeerMessageCodec.TryDecode(bytes, out var envelope, out var error);
        Invariant.Check(isWhole, $"a message is decoded as it was encoded, but {error}");
        Invariant.Check(envelope.Journal == World.Journal, "nodes speak of their journal");
        switch (envelope.Message)
        {
            case var message when Acceptor.Takes(message):
                _port.SendAny(envelope.From, Vote(message));
                break;
            case FetchSnapshot request:
                _port.SendAny(envelope.From, _snapshots.Answer(request));
                break;
            case Prepared or Accepted or BallotRefused or Founded or Refused { Reason: PeerRefusal.NotMember }:
                Register.Receive(envelope.From, envelope.Message);
                break;
            case SnapshotPart part:
                _fetch.Receive(envelope.From, part);
                break;
            default:
                Node.Receive(envelope.From, envelope.Message, Now);
                break;
        }
    }

    public void PeerMoved(ReplicaId replica, bool isReached)
    {
        if (isReached)
        {
            Node.Reached(replica, Now);
        }
        else
        {
            Node.Gone(replica, Now);
        }
    }

    /// <summary>Begins to hand over; null for the present replicas.</summary>
    public bool BeginHandOver(IReadOnlyList<ReplicaId>? nextReplicas) => HasLed && _handOver.Begin(nextReplicas, Now);

    /// <summary>A call of a client; a node that does not lead says who does.</summary>
    public void Handle(OpenCall call)
    {
        if (Leads)
        {
            _user.Handle(call);
        }
        else
        {
            call.Answer(new CallAnswer.NotLeader(KnownWriter is { } writer && writer != Host.Replica ? SimulatedNode.IndexOf(writer) : null), Host.Now);
        }
    }

    public void EndBatch()
    {
        var rounds = 0;
        do
        {
            Node.EndBatch(Now);
            if (++rounds > SettlingMax)
            {
                throw new ViolationException("Livelock", $"{Host.Name} does not come to the end of a batch");
            }
        }
        while (Settle());
        Held.Release();
        _user.EndBatch(Node.Committed);
        if (Held.AwaitsConfirmation is { } since)
        {
            Node.Confirm(since, Now);
        }

        _snapshots.Consider();
        World.Note(Happening.Batch, Host.Index, Node.End.Last.Value);
    }

    /// <summary>Something for an acceptor or its proposer; the own acceptor answers at once.</summary>
    public PeerMessage? Tell(ReplicaId to, PeerMessage message)
    {
        if (to == Host.Replica)
        {
            return Vote(message);
        }

        _port.SendAny(to, message);
        return null;
    }

    /// <summary>Itself and whoever is connected.</summary>
    public IEnumerable<ReplicaId> KnownReplicas() =>
        World.Nodes.Where(node => node == Host || World.Network.AreConnected(Host.Index, node.Index)).Select(node => node.Replica);

    /// <summary>The process has ended: whoever waits for it hears of it by the connection.</summary>
    public void Gone() => _user.Gone();

    /// <summary>A snapshot of another replica is here, whole and durable.</summary>
    public void Install(Disks.StoredSnapshot snapshot)
    {
        if (snapshot.Applied.Last <= Node.Committed || (Node.Reign is not null && snapshot.Applied.Last <= Node.End.Last))
        {
            return;
        }

        World.Coverage.Hit("a snapshot was installed from another replica");
        World.Note(Happening.SnapshotInstalled, Host.Index, snapshot.Applied.Last.Value);
        Host.Disk.StartAt(snapshot);
        Node.SnapshotTaken(snapshot.Applied.Last);
        World.Ledger.Installed(this, snapshot);
        LedgerSeen = snapshot.Applied.Last;
        Node.SnapshotInstalled(snapshot.Applied, Now);
        Restart();
    }

    private PeerMessage Vote(PeerMessage message)
    {
        var answer = _acceptor.Handle(message);
        if (answer.ToStore is { } state)
        {
            _port.Store(state);
        }

        return answer.Reply;
    }

    private void Tick()
    {
        _tickWaits = false;
        _fetch.Tick(Now);
        Register.Drive();
        _formation.Look();
        Node.Tick(Now);
        var half = World.Knobs.HeartbeatMs * Durations.Millisecond / 2;
        World.Agenda.In(Host.Clock.TrueTimeOf(half), () =>
        {
            if (Host.Process == this && !_tickWaits)
            {
                _tickWaits = true;
                Host.Post(process => process.Tick());
            }
        });
    }

    // What the protocol has noted while it stepped, in the order of JournalEngine.Settle; true if more may follow from it.
    private bool Settle()
    {
        var more = false;
        _handOver.Continue(Now);
        if (_port.TakeEnd() is { } reason)
        {
            EndReign(reason);
        }

        var follows = !HasLed;
#if MUTANTS
        follows &= !Mutant.Is("new-manager-before-catch-up") || !_port.HasClaim;
#endif
        if (follows)
        {
            ApplyCommitted();
        }

        if (_port.TakeClaim() is { } claim)
        {
            Lead(claim);
            more = true;
        }

        if (_port.TakeSnapshotSource() is { } source)
        {
            _fetch.Begin(source, Now);
        }

        if (_port.TakeQuestion() is { } question)
        {
            Ask(question);
            more = true;
        }

        return more;
    }

    private void Ask(RegisterQuestion question)
    {
        var number = ++_asked;
        World.Note(Happening.Asked, Host.Index, question.ExpectedVersion);
        if (question.Proposal is { } proposal)
        {
            Register.CompareAndSet(question.ExpectedVersion, proposal, taken =>
            {
                if (number == _asked)
                {
                    Node.RegisterWritten(taken, Now);
                }
            });
        }
        else
        {
            Register.Read((isKnown, version, value) =>
            {
                if (isKnown && number == _asked)
                {
                    Node.RegisterRead(version, value, Now);
                }
            });
        }
    }

    private void Lead(EpochRecord reign)
    {
        if (!HasCaughtUpWith(reign))
        {
            throw new InvariantViolationException("Broken invariant: a new writer knows everything before its reign.");
        }

        Node.Lead(_state, Now);
        HasLed = true;
        World.Coverage.Hit("a reign was led");
        _user.Lead();
    }

    private bool HasCaughtUpWith(EpochRecord reign) => _state.Applied == reign.Start.Previous;

    private void EndReign(DeposedReason reason)
    {
        World.Note(Happening.Deposed, Host.Index, (ulong)reason);
        if (HasLed)
        {
            World.Coverage.Hit($"a writer was deposed: {reason}");
            HasLed = false;
            _handOver.Ended();
            Held.Release();
            _user.Deposed();
            Held.Drop();
            Restart();
        }
    }

    // Back to what is committed: the newest snapshot, and the entries behind it.
    private void Restart()
    {
        var state = _user.NewState();
        _state = _snapshots.RestoreNewest(state);
        _user.Reset(state);
    }

    private void ApplyCommitted()
    {
        var before = _state.Applied;
        while (_state.Applied < Node.Committed)
        {
            ref readonly var entry = ref Host.Disk[_state.Applied.Next];
            var payload = entry.Bytes.AsSpan(EntryCodec.HeaderBytes);
            _state.Apply(entry.Header, payload);
            _user.State.Apply(entry.Header, payload);
        }

        if (_state.Applied > before)
        {
            World.Ledger.State(this, _state.Applied, _user.State.Hash);
        }
    }
}
