using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Recording;
using ControlPlane.Chaos.Runs;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Live;

/// <summary>A run as lines, for a terminal that cannot be drawn anew and for logs: what happens as it happens, and a line of figures now and then.</summary>
internal sealed class PlainNarration(Terminal terminal)
{
    private static readonly TimeSpan FigureInterval = TimeSpan.FromSeconds(5);

    public async Task RunAsync(RunInSight run, CancellationToken cancellation)
    {
        run.Recorder.Watcher = happened => Tell(run, happened);
        var before = run.Recorder.Operations;
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(FigureInterval, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var now = run.Recorder.Operations;
            await WriteAsync(run, FormattableString.Invariant(
                $"{(now - before) / FigureInterval.TotalSeconds:0} ops/s, {run.Recorder.CountOf(OperationOutcome.Ok)} ok, {run.Recorder.CountOf(OperationOutcome.Refused)} refused, {run.Recorder.CountOf(OperationOutcome.Unknown)} unknown; {string.Join(", ", run.Statuses.Newest.Select((status, node) => $"{run.Cluster.Nodes[node].Name} {status?.Role ?? "silent"} {status?.Epoch} {status?.Committed}"))}"));
            before = now;
        }

        run.Recorder.Watcher = _ => { };
    }

    private void Tell(RunInSight run, RunEvent happened)
    {
        if (FaultWords.Of(happened) is { } words)
        {
            _ = WriteAsync(run, words);
        }
    }

    private Task WriteAsync(RunInSight run, string line) => terminal.Error.WriteLineAsync(FormattableString.Invariant($"{run.Recorder.Clock.Now / 1e6,8:0.000} s  {line}"));
}

/// <summary>Events in words.</summary>
internal static class FaultWords
{
    /// <summary>Null for events that only files need.</summary>
    public static string? Of(RunEvent happened) => happened.Kind switch
    {
        EventKind.Phase => $"{happened.What}{(happened.Detail is null ? "" : $" ({happened.Detail})")}",
        EventKind.Fault when happened.Over == false => $"fault {happened.Fault}: {happened.What} {string.Join(", ", happened.Targets ?? [])}{(happened.Detail is null ? "" : $" ({happened.Detail})")}",
        EventKind.Fault => $"fault {happened.Fault}: {happened.What} is over{(happened.Detail is null ? "" : $": {happened.Detail}")}",
        EventKind.Process when happened.Unexpected == true => $"{happened.Node} ended by itself with exit code {happened.ExitCode}",
        EventKind.Recovered => happened.Unexpected == true ? $"not {happened.What}: {happened.Detail}" : $"{happened.What} after {happened.Millis} ms",
        _ => null,
    };
}
