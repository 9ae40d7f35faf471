using System.Diagnostics;
using ControlPlane.Client;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>What of a plane is meant.</summary>
internal enum PlanePart
{
    /// <summary>Node and worker.</summary>
    Everything,

    /// <summary>The node alone: journal and worker manager.</summary>
    Node,

    /// <summary>The worker alone: agent and gate.</summary>
    Worker,
}

/// <summary>
/// A whole plane in real processes, on one data directory and two ports that stay the same over restarts: <c>cpctl dev</c> without its
/// self-check, or <c>cpctl serve</c> and <c>cpctl worker</c> apart. Disposing it ends them and all sandboxes.
/// </summary>
internal sealed class PlaneProcess(string directory) : IAsyncDisposable
{
    private readonly int _port = LoopbackPorts.TakePair();
    private CapturedProcess? _process;
    private CapturedProcess? _worker;

    /// <summary>Everything of this plane lies below.</summary>
    public string Root { get; } = directory;

    public int Port => _port;

    public string Address => $"http://127.0.0.1:{_port}";

    public string Data { get; init; } = Path.Combine(directory, "data");

    /// <summary>The worker manager's journal.</summary>
    public string Journal => Path.Combine(Data, "plane", "wm-0");

    /// <summary>True: node and worker are processes of their own. False: one process is both.</summary>
    public bool Apart { get; init; }

    /// <summary>Journals for general use; only of a node apart.</summary>
    public IReadOnlyList<string> Journals { get; init; } = [];

    /// <summary>What runs the process, for instance a tracer; nothing usually.</summary>
    public IReadOnlyList<string> Under { get; set; } = [];

    /// <summary>The node's process.</summary>
    public CapturedProcess Process => _process ?? throw new InvalidOperationException("the plane was not started");

    public string Said => _process?.Said + _worker?.Said;

    private IEnumerable<string> NodeCommand => Apart
        ? ["serve", "--listen", $"127.0.0.1:{_port}", "--data", Path.Combine(Data, "plane")]
        : ["dev", "--cycles", "0", "--data", Data, "--address", Address];

    private IEnumerable<string> WorkerCommand =>
        ["worker", "--address", Address, "--gate", $"127.0.0.1:{_port + 1}", "--data", Path.Combine(Data, "worker")];

    /// <summary>Starts what does not run; it need not become ready.</summary>
    public async Task LaunchAsync()
    {
        Assert.True(_process is null or { HasExited: true } || _worker is { HasExited: true }, "a plane is started when some of it is not running");
        _process = await LaunchAsync(_process, [.. Under, .. Cpctl.CommandLine(NodeCommand)]);
        if (Apart)
        {
            _worker = await LaunchAsync(_worker, Cpctl.CommandLine(WorkerCommand));
        }
    }

    /// <summary>Starts what does not run, and waits until the plane serves and the gate listens; answers how long that took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await LaunchAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(Process.HasExited || _worker is { HasExited: true }, "the plane ended instead of serving:\n" + Said);
                return await Readiness.IsServingAsync(_port) && await Readiness.ListensAsync(_port + 1);
            },
            () => $"the plane at {Address} serves; it said:\n{Said}");
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>kill -9. Sandboxes go on without their agent, as they would.</summary>
    public async Task KillAsync(PlanePart part = PlanePart.Everything)
    {
        CapturedProcess?[] killed =
        [
            Apart && part == PlanePart.Worker ? null : _process,
            part == PlanePart.Node ? null : _worker,
        ];
        foreach (var process in killed)
        {
            process?.Kill();
        }

        foreach (var process in killed.OfType<CapturedProcess>())
        {
            await process.ExitAsync();
        }
    }

    /// <summary>SIGTERM, once the process has done all that belongs to its start (before, it says that it was interrupted); the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await Eventually.HoldsAsync(() => Said.Contains("Serving until", StringComparison.Ordinal), () => $"the start is over; it said:\n{Said}");
        Process.Terminate();
        return await Process.ExitAsync();
    }

    public ControlPlaneClient NewClient(string tenant = "default") =>
        new(new ControlPlaneClientOptions { Addresses = [Address], Tenant = tenant, Deadline = TimeSpan.FromSeconds(30) });

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _process, _worker }.OfType<CapturedProcess>())
        {
            await process.DisposeAsync();
        }

        await RunningProcesses.EndAllAsync(Root);
    }

    private async Task<CapturedProcess> LaunchAsync(CapturedProcess? before, IReadOnlyList<string> commandLine)
    {
        if (before is { HasExited: false })
        {
            return before;
        }

        if (before is not null)
        {
            await before.DisposeAsync();
        }

        var journals = Journals.Select((name, number) => KeyValuePair.Create($"CONTROLPLANE__JOURNALS__{number}", name));
        return CapturedProcess.Start(commandLine, Root, new Dictionary<string, string>(journals));
    }
}
