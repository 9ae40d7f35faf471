using System.Net;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Chaos.Cluster;

/// <summary>A process that may be killed and started again: a node or a worker.</summary>
internal abstract class ClusterMember(string name, string log, RunRecorder recorder) : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private ChildProcess? _process;
    private bool _isExpectedToEnd;

    public string Name { get; } = name;

    /// <summary>Taken while a fault plays with the process: two at once would undo each other.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    public bool IsRunning => _process is { HasEnded: false };

    /// <summary>True while it is stopped by a signal.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Completes when the present process has ended.</summary>
    public Task Ended => _process?.Ended ?? Task.CompletedTask;

    public void Start()
    {
        if (IsRunning)
        {
            return;
        }

        (_isExpectedToEnd, IsPaused) = (false, false);
        _process = ChildProcess.Start(CommandLine, log);
        recorder.Add(new RunEvent { Kind = EventKind.Process, What = "started", Node = Name, Detail = $"pid {_process.Pid}" });
        _ = TellOfEndAsync(_process);
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _isExpectedToEnd = true;
        await (_process?.KillAsync() ?? Task.CompletedTask);
    }

    public void Pause()
    {
        IsPaused = true;
        _process?.Signal(Signals.Stop);
    }

    public void Continue()
    {
        IsPaused = false;
        _process?.Signal(Signals.Continue);
    }

    /// <summary>A stop in good order.</summary>
    public async Task StopAsync()
    {
        _isExpectedToEnd = true;
        await (_process?.StopAsync(StopPatience) ?? Task.FromResult(0));
    }

    /// <summary>Whatever ends the process from now on was wanted: a fault of its disk, or an order to die.</summary>
    public void ExpectEnd() => _isExpectedToEnd = true;

    /// <summary>Tells a node that can be made to fail what to do.</summary>
    public Task<bool> TellAsync(string order) => _process?.TellAsync(order) ?? Task.FromResult(false);

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        Turn.Dispose();
    }

    protected abstract IReadOnlyList<string> CommandLine { get; }

    private async Task TellOfEndAsync(ChildProcess process)
    {
        var code = await process.Ended;
        recorder.Add(new RunEvent { Kind = EventKind.Process, What = "ended", Node = Name, ExitCode = code, Unexpected = _isExpectedToEnd ? null : true });
    }
}

/// <summary>Where a node of a run is, and what it runs as.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Front">Where it accepts clients and workers.</param>
/// <param name="Peers">Where it accepts other nodes.</param>
/// <param name="Configuration">Its configuration file.</param>
/// <param name="Data">Its data directory.</param>
/// <param name="CanFail">It runs with a disk and a clock that obey orders.</param>
/// <param name="CanLosePower">Its writes are volatile until they are synced.</param>
internal sealed record NodePlace(int Index, IPEndPoint Front, IPEndPoint Peers, string Configuration, string Data, bool CanFail, bool CanLosePower);

/// <summary>A node of the plane.</summary>
internal sealed class ChaosNode(string name, NodePlace place, string log, RunRecorder recorder) : ClusterMember(name, log, recorder)
{
    private readonly ControlPlaneClient _asker = new(new ControlPlaneClientOptions
    {
        Addresses = [$"http://{place.Front}"],
        Deadline = TimeSpan.FromSeconds(1),
        Retry = new RetryPolicy { AttemptsMax = 1 },
    });

    public NodePlace Place { get; } = place;

    protected override IReadOnlyList<string> CommandLine => Place.CanFail
        ? BuiltPrograms.Chaos(["node", "--config", Place.Configuration, .. Place.CanLosePower ? ["--volatile"] : Array.Empty<string>()])
        : BuiltPrograms.Cpctl("serve", "--config", Place.Configuration, "--until-stdin-closes");

    /// <summary>What it says of itself; null if it does not answer.</summary>
    public async Task<GetStatusResponse?> StatusAsync(uint partition, CancellationToken cancellation)
    {
        try
        {
            return IsRunning && !IsPaused ? await _asker.Operator.GetStatusAsync(new PartitionId(partition), cancellation) : null;
        }
        catch (ControlPlaneException)
        {
            return null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _asker.Dispose();
    }
}

/// <summary>A worker agent.</summary>
internal sealed class ChaosWorker(string name, IReadOnlyList<string> commandLine, string log, RunRecorder recorder) : ClusterMember(name, log, recorder)
{
    protected override IReadOnlyList<string> CommandLine => commandLine;
}
