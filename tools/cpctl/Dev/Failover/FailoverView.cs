using System.Globalization;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What faults did to a cluster under load. Times in milliseconds.</summary>
internal sealed record FailoverView(
    string Fault, int Clients, IReadOnlyList<FailoverRound> Rounds, int Acknowledged, int Lost, int Doubled, IReadOnlyList<string> Violations) : View
{
    public long OutageP50Ms => Percentile(50);

    public long OutageP99Ms => Percentile(99);

    public long OutageMaxMs => Percentile(100);

    /// <summary>Share of allocations that found a warm sandbox after the faults, of that before.</summary>
    public double WarmKept => Rounds.Count == 0 || Rounds.Average(round => round.WarmBefore) == 0 ? 0 : Rounds.Average(round => round.WarmAfter) / Rounds.Average(round => round.WarmBefore);

    /// <summary>Nothing lost, nothing doubled, and allocation went on each time.</summary>
    public bool Passed => Lost == 0 && Doubled == 0 && Violations.Count == 0 && Rounds.All(round => round.Resumed);

    public override IRenderable Render() => Layout.Stack(
        Layout.Table(
            ["FAULT", "ROUNDS", "OUTAGE P50", "P99", "MAX", "WARM KEPT", "ACKNOWLEDGED", "LOST", "DOUBLED"],
            [[
                Fault,
                Number(Rounds.Count),
                $"{OutageP50Ms} ms",
                $"{OutageP99Ms} ms",
                $"{OutageMaxMs} ms",
                WarmKept.ToString("P0", CultureInfo.InvariantCulture),
                Number(Acknowledged),
                Number(Lost),
                Number(Doubled),
            ]],
            ""),
        Layout.Line(Passed
            ? $"{Clients} clients noticed nothing but the time: every acknowledged lease is known, none was given twice."
            : $"FAILED: {string.Join("; ", Violations.DefaultIfEmpty("allocation did not go on"))}"));

    private long Percentile(int percent)
    {
        var sorted = Rounds.Select(round => round.OutageMs).Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * percent / 100.0) - 1, 0, sorted.Count - 1)];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
