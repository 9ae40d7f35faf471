using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Load;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>
/// Strikes a scenario's faults at their times, each recorded concretely with its begin and end. Occurrences of one fault follow each other;
/// different faults overlap as they come, but no two play with one process at a time, and only one destroys data at a time.
/// </summary>
internal sealed class FaultEngine : IDisposable
{
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(60);

    private readonly ChaosCluster _cluster;
    private readonly Scenario _scenario;
    private readonly RunRecorder _recorder;
    private readonly TargetChoice _choice;
    private readonly Dictionary<FaultKind, Func<Strike, Task>> _ways;
    private readonly SemaphoreSlim _destroying = new(1);
    private long _begun;
    private int _last;
    private int _struck;

    public FaultEngine(ChaosCluster cluster, Scenario scenario, ChaosLoad load, RunRecorder recorder)
    {
        (_cluster, _scenario, _recorder) = (cluster, scenario, recorder);
        _choice = new TargetChoice(cluster, scenario.Seed);
        var ground = new FaultGround(cluster, recorder);
        IFaultFamily[] families =
        [
            new ProcessFaults(ground), new NetworkFaults(ground), new ClockFaults(), new LiveDiskFaults(ground), new FileFaults(ground), new LoadFaults(load, ground),
        ];
        _ways = families.SelectMany(family => family.Ways).ToDictionary(way => way.Kind, way => way.StrikeAsync);
    }

    /// <summary>How many faults have come to their end.</summary>
    public int Struck => Volatile.Read(ref _struck);

    /// <summary>Every kind that can be struck at real processes.</summary>
    public IEnumerable<FaultKind> Known => _ways.Keys;

    /// <summary>Strikes all faults of the plan; on return none is in force.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        over.CancelAfter(_scenario.Duration);
        _begun = _recorder.Clock.Now;
        await Task.WhenAll(FaultPlan.Of(_scenario).GroupBy(planned => planned.Index).Select(fault => RunAsync([.. fault], over.Token)));
        await Task.Delay(Timeout.Infinite, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => _destroying.Dispose();

    private async Task RunAsync(IReadOnlyList<PlannedFault> occurrences, CancellationToken over)
    {
        foreach (var planned in occurrences)
        {
            var wait = planned.At - TimeSpan.FromMicroseconds(_recorder.Clock.Now - _begun);
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested)
            {
                return;
            }

            await StrikeAsync(planned, over);
        }
    }

    private async Task StrikeAsync(PlannedFault planned, CancellationToken over)
    {
        var rule = FaultRules.Of(planned.Fault.Kind);
        var hasTurn = false;
        try
        {
            if (rule.Destroys)
            {
                await _destroying.WaitAsync(over);
                hasTurn = true;
            }

            await StrikeWhenReadyAsync(planned, rule, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The time for faults was over before it could strike.
        }
        finally
        {
            if (hasTurn)
            {
                _destroying.Release();
            }
        }
    }

    private async Task StrikeWhenReadyAsync(PlannedFault planned, FaultRule rule, CancellationToken over)
    {
        if ((planned.Fault.Settled ?? false) || rule.Destroys)
        {
            if (await _cluster.SettleAsync(SettlePatience, exactly: false, over) is { } lacking)
            {
                _recorder.Add(new RunEvent { Kind = EventKind.Phase, What = "left out", Detail = $"{Words.Of(planned.Fault.Kind)}: {lacking}" });
                return;
            }
        }

        var targets = await _choice.ChooseAsync(planned, over);
        var strike = new Strike(planned, targets, _scenario.Seed, over);

        // Links are not the process's own: who is killed may be cut off as well.
        var exclusive = NetworkFaults.IsOfLinks(rule.Kind) ? [] : targets;
        foreach (var member in exclusive)
        {
            await member.Turn.WaitAsync(over);
        }

        var number = Interlocked.Increment(ref _last);
        var began = new RunEvent { Kind = EventKind.Fault, Fault = number, What = Words.Of(rule.Kind), Over = false, Targets = [.. targets.Select(member => member.Name)], Detail = Describe(planned.Fault) };
        _recorder.Add(began);
        try
        {
            await _ways[rule.Kind](strike);
        }
        catch (ControlPlaneException failure)
        {
            strike.Notes.Add($"refused: {failure.Message}");
        }
        finally
        {
            _recorder.Add(began with { Over = true, Detail = strike.Notes.Count > 0 ? string.Join("; ", strike.Notes) : null });
            Interlocked.Increment(ref _struck);
            foreach (var member in exclusive)
            {
                member.Turn.Release();
            }
        }
    }

    /// <summary>What was said of it beside kind and target.</summary>
    private static string? Describe(Fault fault)
    {
        var said = new List<string>();
        void Say(string name, object? value) => said.AddRange(value is null ? [] : [$"{name} {value}"]);
        Say("for", fault.For is { } time ? TimeText.Of(time) : null);
        Say("at", fault.Point is { } point ? Words.Of(point) : null);
        Say("direction", fault.Direction is { } direction ? Words.Of(direction) : null);
        Say("links", fault.Links is { } links ? Words.Of(links) : null);
        Say("delay", fault.Delay is { } delay ? TimeText.Of(delay) : null);
        Say("share", fault.Share);
        Say("bytes/s", fault.BytesPerSecond);
        Say("by", fault.By is { } by ? TimeText.Of(by) : null);
        Say("rate", fault.Rate);
        Say("factor", fault.Factor);
        Say("clients", fault.Clients);
        Say("count", fault.Count);
        return said.Count == 0 ? null : string.Join(", ", said);
    }
}
