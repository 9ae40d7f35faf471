using System.Text;
using ControlPlane.Chaos.Recording;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Reports;

/// <summary>What clients saw: how long each call took, which did not succeed, and how many did.</summary>
internal sealed class OperationLanes(RunRecord run, TimeScale scale)
{
    private const double LatencyHeight = 150;
    private const double FailureHeight = 30;
    private const double RateHeight = 46;
    private const double Gap = 10;
    private const double LeastMs = 0.2;
    private const double MostMs = 30_000;
    private const int SlowestShown = 60;
    private const int FailuresTitled = 1_500;
    private const int Buckets = 220;

    private static readonly double[] Lines = [1, 10, 100, 1_000, 10_000];

    public double Draw(Svg svg, double top)
    {
        top = DrawLatencies(svg, top);
        top = DrawFailures(svg, top);
        return DrawRate(svg, top);
    }

    private double DrawLatencies(Svg svg, double top)
    {
        svg.Rectangle(TimeScale.Left, top, TimeScale.Right - TimeScale.Left, LatencyHeight, "plot");
        svg.Text(TimeScale.Left - 8, top + 12, "latency", "label end");
        foreach (var line in Lines)
        {
            var y = Y(line, top);
            svg.Line(TimeScale.Left, y, TimeScale.Right, y, "grid");
            svg.Text(TimeScale.Left - 8, y + 3, line < 1_000 ? $"{line} ms" : line < 10_000 ? "1 s" : "", "small end");
        }

        // One dot for whatever lies within a few points of the drawing: a run has more calls than anybody can see.
        var cells = new HashSet<(int, int)>();
        var dots = new StringBuilder();
        foreach (var call in run.Operations.Where(call => call.Outcome == OperationOutcome.Ok && call.Kind != OperationKind.List))
        {
            var (x, y) = (scale.X(call.To), Y(Milliseconds(call), top));
            if (cells.Add(((int)(x / 2.2), (int)(y / 2.2))))
            {
                dots.Append('M').Append(Svg.Number(x)).Append(' ').Append(Svg.Number(y)).Append("h0");
            }
        }

        svg.Path(dots.Length == 0 ? "M0 0" : dots.ToString(), "dots");
        foreach (var call in run.Operations.Where(call => call.Outcome == OperationOutcome.Ok).OrderByDescending(Milliseconds).Take(SlowestShown))
        {
            svg.Circle(scale.X(call.To), Y(Milliseconds(call), top), 2.4, "slow", TitleOf(call), isFocusable: true);
        }

        return top + LatencyHeight + Gap;
    }

    private double DrawFailures(Svg svg, double top)
    {
        svg.Rectangle(TimeScale.Left, top, TimeScale.Right - TimeScale.Left, FailureHeight, "plot");
        svg.Text(TimeScale.Left - 8, top + 12, "failures", "label end");
        foreach (var (index, call) in run.Operations.Where(call => call.Outcome != OperationOutcome.Ok).Index())
        {
            var row = call.Outcome switch { OperationOutcome.Unknown => 0, OperationOutcome.Refused => 1, _ => 2 };
            svg.Rectangle(scale.X(call.To) - 0.8, top + 1 + (row * FailureHeight / 3), 1.6, (FailureHeight / 3) - 1.5, call.Outcome.ToString().ToLowerInvariant(), index < FailuresTitled ? TitleOf(call) : null);
        }

        return top + FailureHeight + Gap;
    }

    private double DrawRate(Svg svg, double top)
    {
        var counts = new int[Buckets];
        var width = Math.Max(1, (scale.End - scale.Begin) / Buckets);
        foreach (var call in run.Operations.Where(call => call.Outcome == OperationOutcome.Ok && call.To >= scale.Begin))
        {
            counts[Math.Min(Buckets - 1, (call.To - scale.Begin) / width)]++;
        }

        var most = Math.Max(1, counts.Max());
        var area = new StringBuilder(FormattableString.Invariant($"M{TimeScale.Left} {Svg.Number(top + RateHeight)}"));
        for (var i = 0; i < Buckets; i++)
        {
            area.Append('L').Append(Svg.Number(scale.X(scale.Begin + (i * width) + (width / 2)))).Append(' ').Append(Svg.Number(top + RateHeight - ((RateHeight - 3) * counts[i] / most)));
        }

        svg.Rectangle(TimeScale.Left, top, TimeScale.Right - TimeScale.Left, RateHeight, "plot");
        svg.Path(FormattableString.Invariant($"{area}L{TimeScale.Right} {Svg.Number(top + RateHeight)}Z"), "area");
        svg.Text(TimeScale.Left - 8, top + 12, "calls/s", "label end");
        svg.Text(TimeScale.Left - 8, top + 26, FormattableString.Invariant($"max {most * 1e6 / width:0}"), "small end");
        return top + RateHeight + Gap;
    }

    private static double Milliseconds(Operation call) => (call.To - call.From) / 1e3;

    private static double Y(double milliseconds, double top)
    {
        var share = Math.Log10(Math.Clamp(milliseconds, LeastMs, MostMs) / LeastMs) / Math.Log10(MostMs / LeastMs);
        return top + LatencyHeight - 3 - ((LatencyHeight - 6) * share);
    }

    private static string TitleOf(Operation call) => string.Join(
        '\n',
        new[]
        {
            FormattableString.Invariant($"{call.Kind} of client {call.Client} ({call.Tenant}): {call.Outcome}{(call.Reason is null ? "" : $", {call.Reason}")}"),
            FormattableString.Invariant($"{TimeScale.Show(call.From)} to {TimeScale.Show(call.To)}, {Milliseconds(call):0.0} ms"),
            call.Request is null ? null : $"request {call.Request}",
            call.Leases is { Count: > 0 and < 4 } leases ? string.Join(", ", leases.Select(lease => $"{lease.Lease} on {lease.Sandbox}, token {lease.Token}")) : call.Lease ?? call.Entry ?? (call.Sandbox is null ? null : $"{call.Sandbox}, token {call.Token}"),
        }.Where(line => line is not null));
}
