using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Faults;
using ControlPlane.Chaos.Load;
using ControlPlane.Chaos.Nodes;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Runs;

/// <summary>
/// One scenario on real processes, from an empty directory to a verdict: start, load, faults, healing, calm, audit. Everything is written down as it
/// happens; the verdict comes from what was written down.
/// </summary>
internal sealed class ScenarioRun(Scenario scenario, RunDirectory directory, bool canMount, string replay)
{
    private const int WarmUpOperations = 20;
    private const int RestartsMax = 3;
    private static readonly TimeSpan RestartInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUpPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ExactPatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs it. <paramref name="watch"/> is given what a live view shows, once there is something to see.</summary>
    public async Task<RunVerdict> RunAsync(Func<RunInSight, CancellationToken, Task> watch, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory.Path);
        await File.WriteAllTextAsync(directory.Scenario, ScenarioFile.Write(scenario), cancellation);
        await using (var guard = RunGuard.Start(directory.Cluster))
        await using (var recorder = new RunRecorder(directory, scenario.Bounds.OperationsMax))
        {
            recorder.Phase("start");
            await using var cluster = await ChaosCluster.StartAsync(directory, scenario, ClusterPlan.Of(scenario, canMount), recorder, cancellation);
            await RunAsync(cluster, recorder, watch, cancellation);
            recorder.Phase("end");
        }

        var verdict = RunCheck.Judge(RunRecord.Load(directory), replay);
        await VerdictFiles.WriteAsync(directory, verdict, cancellation);
        return verdict;
    }

    private async Task RunAsync(ChaosCluster cluster, RunRecorder recorder, Func<RunInSight, CancellationToken, Task> watch, CancellationToken cancellation)
    {
        await using var load = new ChaosLoad(cluster, scenario, recorder);
        await load.DeployAsync(CopyFunction(), cancellation);
        using var engine = new FaultEngine(cluster, scenario, load, recorder);
        var statuses = new StatusWatch(cluster, recorder);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        recorder.Clock.Begin();
        recorder.Phase("load");
        load.Start();
        var watched = Task.WhenAll(statuses.RunAsync(watching.Token), watch(new RunInSight(scenario, cluster, recorder, engine, statuses), watching.Token));
        try
        {
            await WarmUpAsync(recorder, cancellation);
            recorder.Phase("faults");
            recorder.MeasureSilence(true);
            await engine.RunAsync(cancellation);
            recorder.MeasureSilence(false);
            recorder.Phase("healing");
            await HealAsync(cluster, recorder, cancellation);
            recorder.Phase("calm");
            await Task.Delay(scenario.Healing.Calm, cancellation);
            recorder.Phase("closing");
            await load.StopAsync(StopPatience);
            await CloseAsync(cluster, load, recorder, cancellation);
        }
        finally
        {
            await watching.CancelAsync();
            await watched.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await AuditDisksAsync(cluster, recorder, cancellation);
    }

    private ClosingAudit? _audit;

    /// <summary>The sandboxes' program lies in the run's directory, so that the guard knows them by it.</summary>
    private string CopyFunction()
    {
        var code = Path.Combine(directory.Cluster, "function");
        Directory.CreateDirectory(code);
        var program = Path.Combine(code, "bootstrap");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Function", "bootstrap"), program, overwrite: true);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return code;
    }

    private static async Task WarmUpAsync(RunRecorder recorder, CancellationToken cancellation)
    {
        var until = Environment.TickCount64 + (long)WarmUpPatience.TotalMilliseconds;
        while (recorder.CountOf(Verification.Histories.OperationOutcome.Ok) < WarmUpOperations && Environment.TickCount64 < until)
        {
            await Task.Delay(20, cancellation);
        }
    }

    /// <summary>Makes everything good, and measures how long the plane takes to be whole and to allocate again.</summary>
    private async Task HealAsync(ChaosCluster cluster, RunRecorder recorder, CancellationToken cancellation)
    {
        var began = recorder.Clock.Now;
        cluster.Network.HealAll();
        foreach (var member in cluster.Members)
        {
            member.Continue();
            member.Start();
        }

        foreach (var node in cluster.Nodes.Where(_ => cluster.Plan.FaultNodes))
        {
            await node.TellAsync(NodeOrders.DiskIsFull(false));
            await node.TellAsync(NodeOrders.ClockRuns(1));
        }

        using var settled = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keeping = KeepRunningAsync(cluster, settled.Token);
        await Task.WhenAll(ProbeAsync(cluster, recorder, began, cancellation), SettleAsync(cluster, recorder, began, cancellation));
        await settled.CancelAsync();
        await keeping;
    }

    /// <summary>A node that was about to end when healing began is started as well; one that ends again and again is left alone.</summary>
    private static async Task KeepRunningAsync(ChaosCluster cluster, CancellationToken settled)
    {
        var starts = new Dictionary<string, int>();
        while (!settled.IsCancellationRequested)
        {
            await Task.Delay(RestartInterval, settled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var member in cluster.Members.Where(member => !member.IsRunning && !settled.IsCancellationRequested))
            {
                starts[member.Name] = starts.GetValueOrDefault(member.Name) + 1;
                if (starts[member.Name] <= RestartsMax)
                {
                    member.Start();
                }
            }
        }
    }

    private async Task ProbeAsync(ChaosCluster cluster, RunRecorder recorder, long began, CancellationToken cancellation)
    {
        using var client = cluster.NewClient("probe", scenario.Bounds.AllocateWithin);
        var told = new RunEvent { Kind = EventKind.Recovered, What = "allocated" };
        while (true)
        {
            try
            {
                await using var lease = await client.AllocateAsync(new Allocation(ChaosLoad.FunctionName(0)) { MaxWait = TimeSpan.FromSeconds(2), Ttl = TimeSpan.FromSeconds(30) }, cancellation);
                recorder.Add(told with { Millis = (recorder.Clock.Now - began) / 1_000 });
                return;
            }
            catch (ControlPlaneException failure)
            {
                if (recorder.Clock.Now - began > scenario.Healing.Within.TotalMicroseconds)
                {
                    recorder.Add(told with { Unexpected = true, Millis = (recorder.Clock.Now - began) / 1_000, Detail = $"nothing was allocated: {failure.Message}" });
                    return;
                }
            }
        }
    }

    private async Task SettleAsync(ChaosCluster cluster, RunRecorder recorder, long began, CancellationToken cancellation)
    {
        var lacking = await cluster.SettleAsync(scenario.Healing.Within, exactly: false, cancellation);
        recorder.Add(new RunEvent { Kind = EventKind.Recovered, What = "settled", Millis = (recorder.Clock.Now - began) / 1_000, Unexpected = lacking is null ? null : true, Detail = lacking });
    }

    private async Task CloseAsync(ChaosCluster cluster, ChaosLoad load, RunRecorder recorder, CancellationToken cancellation)
    {
        if (await cluster.SettleAsync(ExactPatience, exactly: true, cancellation) is { } lacking)
        {
            recorder.Add(new RunEvent { Kind = EventKind.Recovered, What = "the same state", Unexpected = true, Detail = lacking });
        }

        await load.ListAsync(cancellation);
        _audit = new ClosingAudit(cluster, recorder);
        await _audit.ReadAsync(cancellation);
    }

    private async Task AuditDisksAsync(ChaosCluster cluster, RunRecorder recorder, CancellationToken cancellation)
    {
        recorder.Phase("stopping");
        foreach (var worker in cluster.Workers)
        {
            await worker.StopAsync();
        }

        await Task.WhenAll(cluster.Nodes.Select(node => node.StopAsync()));
        await _audit!.InspectAsync(cancellation);
    }
}

/// <summary>What can be seen of a run while it runs.</summary>
internal sealed record RunInSight(Scenario Scenario, ChaosCluster Cluster, RunRecorder Recorder, FaultEngine Engine, StatusWatch Statuses);
