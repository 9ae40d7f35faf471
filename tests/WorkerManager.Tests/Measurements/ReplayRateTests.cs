using System.Diagnostics;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;
using Google.Protobuf;

namespace ControlPlane.WorkerManager.Tests.Measurements;

/// <summary>Figures for the README. Explicit: <c>dotnet test tests/WorkerManager.Tests --filter ReplayRate</c> with WM_MEASURE=1.</summary>
public class ReplayRateTests(ITestOutputHelper log)
{
    private const int Workers = 2_000;
    private const int PerWorker = 100;
    private const int Cycles = 500_000;
    private static readonly JournalTime Now = new(1_800_000_000_000_000_000);
    private static readonly TenantName Tenant = TenantName.Create("acme");
    private static readonly FunctionName Function = FunctionName.Create("echo");

    [Fact]
    public void Replay_rate_and_memory_per_lease()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("WM_MEASURE") == "1", "a measurement, run by hand");
        var core = new WorkerManagerCore(new PartitionId(0), new CoreOptions());
        var output = new StepOutput();
        var journal = new List<(EntryContext, byte[])>();
        core.Lead(new Epoch(1), "n", Now, output);
        Keep();
        Step(new DeployFunction(new(1), new FunctionDefinition { Name = Function, Command = ["x"], CodePath = "/", MemoryMib = 1, Timeout = TimeSpan.FromSeconds(1) }));
        for (var i = 0; i < Workers; i++)
        {
            Step(new WorkerConnected(new((ulong)i + 1), new WorkerHello(WorkerName.Create($"w{i}"), 1, "", [], 100_000, PerWorker, "http://x", [])));
        }

        var before = GC.GetTotalMemory(true);
        for (var i = 0; i < Workers * PerWorker; i++)
        {
            Step(new Allocate(new((ulong)i), Request(i) with { ColdPolicy = ColdPolicy.Reserve }), keep: false);
        }

        log.WriteLine($"{core.State.LeaseCount} leases, {(GC.GetTotalMemory(true) - before) / core.State.LeaseCount} B per live lease (sandbox, lease, request, timer)");

        core = new WorkerManagerCore(new PartitionId(0), new CoreOptions());
        journal.Clear();
        core.Lead(new Epoch(1), "n", Now, output);
        Keep();
        Step(new DeployFunction(new(1), new FunctionDefinition { Name = Function, Command = ["x"], CodePath = "/", MemoryMib = 1, Timeout = TimeSpan.FromSeconds(1) }));
        Step(new WorkerConnected(new(1), new WorkerHello(WorkerName.Create("w"), 1, "", [], 100_000, 200, "http://x", [])));
        foreach (var create in Enumerable.Range(1, 20))
        {
            Step(new Allocate(new((ulong)create), Request(-create) with { ColdPolicy = ColdPolicy.Reserve }));
        }

        foreach (var lease in core.State.HeldLeases(default).ToArray())
        {
            Step(new SandboxBecameReady(new(1), lease.Sandbox));
            Step(new Release(new(1), Tenant, [new(lease.Id, lease.Fence)]));
        }

        var clock = Stopwatch.StartNew();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Cycles; i++)
        {
            Step(new Allocate(new((ulong)i), Request(1_000_000 + i)));
            var lease = ((Granted)((Reply)output.Effects[^1]).Outcome).Leases[0];
            Step(new Release(new(1), Tenant, [new(lease.Id, lease.Fence)]));
        }

        log.WriteLine($"decide+apply+encode: {clock.Elapsed.TotalMicroseconds / (2 * Cycles):F2} µs per command, {(GC.GetAllocatedBytesForCurrentThread() - allocated) / (2 * Cycles)} B allocated");

        var replayed = new WorkerManagerCore(new PartitionId(0), new CoreOptions());
        clock.Restart();
        foreach (var (context, bytes) in journal)
        {
            replayed.Apply(context, Entry.Parser.ParseFrom(bytes));
        }

        log.WriteLine($"replay: {journal.Count / clock.Elapsed.TotalSeconds:N0} entries/s of {journal.Count}");
        Assert.Equal(core.Hash, replayed.Hash);

        void Step(Command command, bool keep = true)
        {
            core.Step(command, Now, output);
            if (keep)
            {
                Keep();
            }
        }

        void Keep()
        {
            for (var i = 0; i < output.Entries.Count; i++)
            {
                journal.Add((new EntryContext(output.FirstPosition.Plus((ulong)i), new Epoch(1), output.Time), output.Entries[i].ToByteArray()));
            }
        }
    }

    private static AllocateRequest Request(int number) => new()
    {
        Request = new RequestId((UInt128)(uint)number + 1),
        Tenant = Tenant,
        Function = Function,
        ColdPolicy = ColdPolicy.WarmOnly,
    };
}
