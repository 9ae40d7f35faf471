using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;
using Google.Protobuf;

namespace ControlPlane.WorkerManager.Tests.Scenarios;

/// <summary>
/// Plays the runtime for a core: steps it, keeps its journal, carries messages to simulated workers and back. After every
/// step it checks what must always hold: a replay from scratch, a recomputation and a snapshot all give the same hash.
/// </summary>
internal sealed class Scenario
{
    private static readonly PartitionId Partition = new(0);
    private readonly List<(EntryContext Context, byte[] Bytes)> journal = [];
    private readonly Dictionary<CallId, Outcome> replies = [];
    private readonly Dictionary<SessionId, SimulatedWorker> sessions = [];
    private readonly Queue<Effect> undelivered = [];
    private readonly StepOutput output = new();
    private WorkerManagerCore follower;
    private ulong lastCall;
    private ulong lastSession;
    private ulong lastRequest;
    private int steps;

    public Scenario(CoreOptions? options = null)
    {
        Options = options ?? new CoreOptions();
        Core = new WorkerManagerCore(Partition, Options);
        follower = new WorkerManagerCore(Partition, Options);
        LeadNow(new Epoch(1));
    }

    public CoreOptions Options { get; }

    public WorkerManagerCore Core { get; private set; }

    public JournalTime Now { get; private set; } = new(1_800_000_000_000_000_000);

    public PartitionState State => Core.State;

    public IEnumerable<Entry> Journal => journal.Select(item => Entry.Parser.ParseFrom(item.Bytes));

    public int EntryCount => journal.Count;

    /// <summary>Set in long random runs: the replay from scratch then happens only now and then (the follower still checks each step).</summary>
    public bool IsLong { get; set; }

    public IEnumerable<Entry> Since(int entryCount) => journal.Skip(entryCount).Select(item => Entry.Parser.ParseFrom(item.Bytes));

    // ---- Callers

    public CallId NextCall() => new(++lastCall);

    public RequestId NextRequest() => new(++lastRequest);

    /// <summary>Sends a call and returns its call id; the answer may come later.</summary>
    public CallId Call(Func<CallId, Command> make)
    {
        var call = NextCall();
        Do(make(call));
        return call;
    }

    public Outcome? AnswerTo(CallId call) => replies.GetValueOrDefault(call);

    public TOutcome Ask<TOutcome>(Func<CallId, Command> make)
        where TOutcome : Outcome => Assert.IsType<TOutcome>(AnswerTo(Call(make)));

    public AllocateRequest Request(string function = "echo", string tenant = "acme") => new()
    {
        Request = NextRequest(),
        Tenant = TenantName.Create(tenant),
        Function = FunctionName.Create(function),
        ColdPolicy = ColdPolicy.WarmOnly,
    };

    public LeaseView Lease(AllocateRequest? request = null) =>
        Assert.Single(Ask<Granted>(call => new Allocate(call, request ?? Request())).Leases);

    public Rejection Refused(AllocateRequest request) => Ask<Refused>(call => new Allocate(call, request)).Rejection;

    public ReleaseResult Release(LeaseView lease) =>
        Assert.Single(Ask<ReleaseAnswered>(call => new Release(call, lease.Tenant, [new(lease.Id, lease.Fence)])).Results);

    public RenewResult Renew(LeaseView lease, TimeSpan? ttl = null) =>
        Assert.Single(Ask<RenewAnswered>(call => new Renew(call, lease.Tenant, [new(new(lease.Id, lease.Fence), ttl)])).Results);

    // ---- Operators

    public FunctionView Deploy(string name = "echo", uint warm = 0, uint reserved = 0, uint memory = 128, TimeSpan idle = default, string code = "/code") =>
        Ask<DeployAnswered>(call => new DeployFunction(call, new FunctionDefinition
        {
            Name = FunctionName.Create(name),
            Command = ["./bootstrap"],
            CodePath = code,
            MemoryMib = memory,
            Timeout = TimeSpan.FromSeconds(3),
            WarmTarget = warm,
            ReservedConcurrency = reserved,
            IdleTimeout = idle,
        })).Function;

    // ---- Workers

    public SimulatedWorker Connect(string name = "w1", uint sandboxes = 10, uint memory = 10_000, string zone = "", params (string Name, string Value)[] labels)
    {
        var worker = new SimulatedWorker(name, sandboxes, memory, zone, labels);
        Connect(worker);
        return worker;
    }

    public void Connect(SimulatedWorker worker)
    {
        worker.Session = new SessionId(++lastSession);
        sessions[worker.Session] = worker;
        Do(new WorkerConnected(worker.Session, worker.Hello()));
    }

    public void Disconnect(SimulatedWorker worker)
    {
        sessions.Remove(worker.Session);
        Do(new WorkerDisconnected(worker.Session));
    }

    /// <summary>A deployed function with free sandboxes on one worker that has room for no more.</summary>
    public SimulatedWorker Warm(uint sandboxes = 3, string function = "echo", string worker = "w1", string zone = "")
    {
        Deploy(function, warm: sandboxes);
        var connected = Connect(worker, sandboxes, zone: zone);
        Advance(TimeSpan.FromSeconds(5));
        return connected;
    }

    // ---- Time and failover

    /// <summary>Lets time pass: workers beat, and every timer fires when it is due.</summary>
    public void Advance(TimeSpan duration)
    {
        var end = Now.Plus(duration);
        while (Now < end)
        {
            var beat = JournalTime.Max(Now, Now.Plus(TimeSpan.FromSeconds(1)));
            var next = Core.NextTimer is { } timer && timer < beat ? JournalTime.Max(timer, Now) : beat;
            Now = next < end ? next : end;
            if (Now >= beat)
            {
                foreach (var worker in sessions.Values.Where(worker => worker.Beats).ToArray())
                {
                    Do(new Heartbeat(worker.Session, worker.Cpu, worker.Cores, worker.MemoryUsedMib));
                }
            }

            Do(Tick.Instance);
        }
    }

    /// <summary>The leader dies; another replays its journal and takes over. Sessions end.</summary>
    public void FailOver()
    {
        Core = Replay();
        sessions.Clear();
        undelivered.Clear();
        LeadNow(State.Epoch.Next);
    }

    /// <summary>The leader dies; another restores a snapshot of the state and takes over.</summary>
    public void FailOverFromSnapshot()
    {
        Core = WorkerManagerCore.Restore(Partition, Options, new ReadOnlySequence<byte>(SnapshotOf(Core)));
        sessions.Clear();
        undelivered.Clear();
        LeadNow(State.Epoch.Next);
    }

    public static byte[] SnapshotOf(WorkerManagerCore core)
    {
        var buffer = new ArrayBufferWriter<byte>();
        core.WriteSnapshot(buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public WorkerManagerCore Replay()
    {
        var core = new WorkerManagerCore(Partition, Options);
        foreach (var (context, bytes) in journal)
        {
            core.Apply(context, Entry.Parser.ParseFrom(bytes));
        }

        return core;
    }

    // ---- Stepping

    /// <summary>One command, and everything that workers answer to it until all is quiet.</summary>
    public void Do(Command command)
    {
        Step(command);
        Settle();
    }

    private void LeadNow(Epoch epoch)
    {
        Core.Lead(epoch, "node-1", Now, output);
        Absorb(epoch);
        Settle();
    }

    private void Settle()
    {
        while (true)
        {
            if (Core.NextTimer is { } timer && timer <= Now)
            {
                Step(Tick.Instance);
            }
            else if (undelivered.TryDequeue(out var effect))
            {
                Deliver(effect);
            }
            else
            {
                return;
            }
        }
    }

    private void Deliver(Effect effect)
    {
        if (effect is WorkerEffect message && sessions.TryGetValue(message.Session, out var worker))
        {
            if (message is CloseSession)
            {
                sessions.Remove(message.Session);
            }

            foreach (var answer in worker.Receive(message))
            {
                Step(answer);
            }
        }
    }

    private void Step(Command command)
    {
        Core.Step(command, Now, output);
        Absorb(State.Epoch);
    }

    private void Absorb(Epoch epoch)
    {
        Assert.True(output.Entries.Count <= Primitives.Entries.EntryLimits.EntriesPerAppendMax, "a step fits in one atomic append");
        for (var i = 0; i < output.Entries.Count; i++)
        {
            var position = output.FirstPosition.Plus((ulong)i);
            var context = new EntryContext(position, epoch, output.Time);
            journal.Add((context, output.Entries[i].ToByteArray()));
            follower.Apply(context, Entry.Parser.ParseFrom(journal[^1].Bytes));
        }

        foreach (var effect in output.Effects)
        {
            if (effect is Reply reply)
            {
                Assert.True(replies.TryAdd(reply.Call, reply.Outcome), "a call is answered once");
            }
            else
            {
                undelivered.Enqueue(effect);
            }
        }

        Check();
    }

    private void Check()
    {
        steps++;
        Assert.Equal((ulong)journal.Count, Core.Applied.Value);
        Assert.Equal(Core.Hash, Core.RecomputeHash());
        Assert.Equal(Core.Hash, follower.Hash);
        Tables.CheckConsistency(State);
        if (steps % (IsLong ? 64 : 1) == 0)
        {
            Assert.Equal(Core.Hash, Replay().Hash);
        }

        if (steps % (IsLong ? 16 : 4) == 0)
        {
            var snapshot = SnapshotOf(Core);
            follower = WorkerManagerCore.Restore(Partition, Options, new ReadOnlySequence<byte>(snapshot));
            Assert.Equal(Core.Hash, follower.Hash);
            Assert.Equal(snapshot, SnapshotOf(follower));
        }
    }
}
