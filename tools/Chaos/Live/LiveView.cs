using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Recording;
using ControlPlane.Chaos.Runs;
using ControlPlane.Verification.Histories;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ControlPlane.Chaos.Live;

/// <summary>A run on a screen that can be drawn anew: nodes, faults under way, operations, and the last things that happened.</summary>
internal sealed class LiveView(Terminal terminal)
{
    private const int LinesMax = 8;
    private static readonly TimeSpan DrawInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly Queue<string> _last = new();
    private readonly SortedDictionary<int, RunEvent> _underWay = [];
    private string _phase = "";
    private long _before;
    private double _rate;

    public async Task RunAsync(RunInSight run, CancellationToken cancellation)
    {
        run.Recorder.Watcher = happened => Take(run, happened);
        _before = run.Recorder.Operations;
        await terminal.ErrorConsole.Live(Draw(run)).AutoClear(true).StartAsync(async live =>
        {
            while (!cancellation.IsCancellationRequested)
            {
                live.UpdateTarget(Draw(run));
                await Task.Delay(DrawInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        run.Recorder.Watcher = _ => { };
    }

    private void Take(RunInSight run, RunEvent happened)
    {
        lock (_lock)
        {
            _phase = happened.Kind == EventKind.Phase ? happened.What! : _phase;
            if (happened is { Kind: EventKind.Fault, Over: false })
            {
                _underWay[happened.Fault!.Value] = happened;
            }
            else if (happened is { Kind: EventKind.Fault, Over: true })
            {
                _underWay.Remove(happened.Fault!.Value);
            }

            if (FaultWords.Of(happened) is { } words)
            {
                _last.Enqueue(FormattableString.Invariant($"{run.Recorder.Clock.Now / 1e6,8:0.00} s  {words}"));
                if (_last.Count > LinesMax)
                {
                    _last.Dequeue();
                }
            }
        }
    }

    private Rows Draw(RunInSight run)
    {
        lock (_lock)
        {
            var now = run.Recorder.Operations;
            _rate = (_rate * 0.7) + ((now - _before) / DrawInterval.TotalSeconds * 0.3);
            _before = now;
            return new Rows(
                new Text(FormattableString.Invariant($"{run.Scenario.Name}  seed {run.Scenario.Seed}  {run.Recorder.Clock.Now / 1e6:0.0} s  {_phase}"), new Style(decoration: Decoration.Bold)),
                Nodes(run),
                Operations(run),
                UnderWay(),
                new Rows(_last.Select(line => new Text(line, new Style(Color.Grey)))));
        }
    }

    private static Table Nodes(RunInSight run)
    {
        var table = new Table { Border = TableBorder.None, UseSafeBorder = true };
        table.AddColumns("NODE", "ROLE", "EPOCH", "COMMITTED");
        foreach (var (node, status) in run.Cluster.Nodes.Zip(run.Statuses.Newest))
        {
            var role = !node.IsRunning ? "down" : node.IsPaused ? "paused" : status?.Role ?? "silent";
            var colour = role switch { "leader" => Color.Green, "follower" => Color.Default, _ => Color.Red };
            table.AddRow(new Text(node.Name), new Text(role, new Style(colour)), new Text(status?.Epoch?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ""), new Text(status?.Committed?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? ""));
        }

        return table;
    }

    private Text Operations(RunInSight run)
    {
        var recorder = run.Recorder;
        return new Text(FormattableString.Invariant(
            $"{_rate:0} ops/s   {recorder.CountOf(OperationOutcome.Ok)} ok   {recorder.CountOf(OperationOutcome.Refused)} refused   {recorder.CountOf(OperationOutcome.Denied)} denied   {recorder.CountOf(OperationOutcome.Unknown)} unknown   longest silence {recorder.LongestSilence / 1_000} ms"));
    }

    private IRenderable UnderWay() => _underWay.Count == 0
        ? new Text("no fault under way", new Style(Color.Grey))
        : new Rows(_underWay.Values.Select(fault => new Text($"! {fault.What} {string.Join(", ", fault.Targets ?? [])}", new Style(Color.Red))));
}
