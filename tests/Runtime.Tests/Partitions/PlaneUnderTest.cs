using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Tests.Partitions;

/// <summary>A partition on a real disk, with a worker whose sandboxes are ready at once. Can be stopped and started again.</summary>
internal sealed class PlaneUnderTest : IWorkerSession, IAsyncDisposable
{
    public static readonly FunctionName Function = FunctionName.Create("echo");
    public static readonly TenantName Tenant = TenantName.Create("team");
    private static readonly WorkerName Worker = WorkerName.Create("w1");
    private readonly string _directory;
    private readonly long _snapshotInterval;
    private readonly long _keepEntries;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UInt128 _incarnation;
    private SessionId _session;

    private PlaneUnderTest(string directory, long snapshotInterval, long keepEntries)
    {
        _directory = directory;
        _snapshotInterval = snapshotInterval;
        _keepEntries = keepEntries;
        Host = StartHost();
    }

    public FaultInjectingDisk Disk { get; } = new(new PhysicalDisk());

    public PartitionHost Host { get; private set; }

    public List<WorkerEffect> Sent { get; } = [];

    public static async Task<PlaneUnderTest> StartAsync(string directory, long snapshotInterval = 0, long keepEntries = 0)
    {
        var plane = new PlaneUnderTest(directory, snapshotInterval, keepEntries);
        await plane.ConnectWorkerAsync();
        Assert.IsNotType<Refused>(await plane.CallAsync(new DeployFunction(plane.Host.NewCall(), new FunctionDefinition
        {
            Name = Function,
            Command = ["./bootstrap"],
            CodePath = "/",
            MemoryMib = 64,
            Timeout = TimeSpan.FromSeconds(1),
        })));
        return plane;
    }

    /// <summary>Ends the host and starts another one on the same directory.</summary>
    public async Task RestartAsync()
    {
        await Host.DisposeAsync();
        Host = StartHost();
        await ConnectWorkerAsync();
    }

    public ValueTask<Outcome> CallAsync(CallCommand command) => Host.CallAsync(command, TestContext.Current.CancellationToken);

    public async Task<Outcome> AllocateAsync(ulong request) =>
        await CallAsync(new Allocate(Host.NewCall(), Request(request)));

    public static AllocateRequest Request(ulong request) => new()
    {
        Request = new RequestId(request),
        Tenant = Tenant,
        Function = Function,
        MaxWait = TimeSpan.FromMinutes(1),
        Ttl = TimeSpan.FromHours(1),
    };

    public async Task<LeaseView> LeaseAsync(ulong request) => Assert.Single(Assert.IsType<Granted>(await AllocateAsync(request)).Leases);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    void IWorkerSession.Send(WorkerEffect effect)
    {
        lock (Sent)
        {
            Sent.Add(effect);
        }

        switch (effect)
        {
            case OpenSession:
                _connected.TrySetResult();
                break;
            case CreateSandbox create:
                Host.Post(new SandboxBecameReady(_session, create.Sandbox));
                break;
            case Revoke { Acknowledge: true } revoke:
                Host.Post(new FloorAcknowledged(_session, revoke.Sandbox, revoke.Floor));
                break;
        }
    }

    private PartitionHost StartHost() => PartitionHost.Start(
        new PartitionHostOptions
        {
            Node = "n1",
            SnapshotInterval = _snapshotInterval,
            KeepEntries = _keepEntries,
            Core = new CoreOptions { LostAfter = TimeSpan.FromHours(1) },
            Journal = new JournalEngineOptions
            {
                Directory = _directory,
                Disk = Disk,
                Segments = new SegmentOptions { DeviceFileBytes = 1 << 20, PreallocationStepBytes = 1 << 18, PreallocateInBackground = false },
            },
        },
        TimeProvider.System);

    private async Task ConnectWorkerAsync()
    {
        _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _session = Host.Sessions.Open(this);
        var inventory = await Host.QueryAsync(core => (IReadOnlyList<InventoryItem>)[.. core.State.HeldLeases(SequenceNumber.None)
            .Select(lease => new InventoryItem(lease.Sandbox, InventoryState.Ready, SequenceNumber.None))]);
        Host.Post(new WorkerConnected(_session, new WorkerHello(Worker, ++_incarnation, "a", [], 100_000, 1_000, "http://127.0.0.1:1", inventory)));
        await _connected.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
