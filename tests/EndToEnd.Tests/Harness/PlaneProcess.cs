using System.Diagnostics;
using ControlPlane.Client;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>
/// A whole plane in one real process: <c>cpctl dev</c> without its self-check, on one data directory and two ports that stay the same over
/// restarts. Disposing it ends the process and all its sandboxes.
/// </summary>
internal sealed class PlaneProcess(string directory) : IAsyncDisposable
{
    private readonly int _port = LoopbackPorts.TakePair();
    private CapturedProcess? _process;

    /// <summary>Everything of this plane lies below.</summary>
    public string Root { get; } = directory;

    public int Port => _port;

    public string Address => $"http://127.0.0.1:{_port}";

    public string Data { get; init; } = Path.Combine(directory, "data");

    /// <summary>The worker manager's journal.</summary>
    public string Journal => Path.Combine(Data, "plane", "wm-0");

    /// <summary>What runs the process, for instance a tracer; nothing usually.</summary>
    public IReadOnlyList<string> Under { get; set; } = [];

    public CapturedProcess Process => _process ?? throw new InvalidOperationException("the plane was not started");

    public string Said => _process?.Said ?? "";

    /// <summary>Starts the process; it need not become ready.</summary>
    public async Task LaunchAsync()
    {
        if (_process is not null)
        {
            Assert.True(_process.HasExited, "a plane is started when it is not running");
            await _process.DisposeAsync();
        }

        _process = CapturedProcess.Start([.. Under, .. Cpctl.CommandLine("dev", "--cycles", "0", "--data", Data, "--address", Address)], Root);
    }

    /// <summary>Starts the process and waits until the plane serves and the gate, which comes after it, listens; answers how long that took.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var started = Stopwatch.GetTimestamp();
        await LaunchAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                Assert.False(Process.HasExited, Process.HasExited ? $"the plane ended instead of serving:\n{Said}" : "");
                return await Readiness.IsServingAsync(_port) && await Readiness.ListensAsync(_port + 1);
            },
            () => $"the plane at {Address} serves; it said:\n{Said}");
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>kill -9. Sandboxes go on without their agent, as they would.</summary>
    public async Task KillAsync()
    {
        Process.Kill();
        await Process.ExitAsync();
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
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await RunningProcesses.EndAllAsync(Root);
    }
}
