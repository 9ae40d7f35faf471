using System.Globalization;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Reports;

/// <summary>Rows of the tables, as text.</summary>
internal static class ReportRow
{
    private static readonly Outcome[] Columns = [Outcome.Recovered, Outcome.Repaired, Outcome.Refused, Outcome.Undecidable, Outcome.Unproven, Outcome.Violation];

    public static IReadOnlyList<string> Titles { get; } =
        ["workload", "fault", "images", "distinct", "recovered", "repaired", "refused", "undecidable", "unproven", "violations"];

    public static IReadOnlyList<string[]> ByWorkloadAndKind(ExplorationResult result) =>
        [.. result.Tallies.Select(tally => Cells(tally.Workload, tally.Kind, [tally]))];

    public static IReadOnlyList<string[]> ByKind(ExplorationResult result) =>
        [.. result.Tallies.GroupBy(tally => tally.Kind).Select(kind => Cells("all", kind.Key, kind)), Cells("all", "all", result.Tallies)];

    private static string[] Cells(string workload, string kind, IEnumerable<Tally> tallies)
    {
        var counted = tallies.ToArray();
        return
        [
            workload,
            kind,
            Text(counted.Sum(tally => tally.Images)),
            Text(counted.Sum(tally => tally.Distinct)),
            .. Columns.Select(outcome => Text(counted.Sum(tally => tally.Of(outcome)))),
        ];
    }

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
