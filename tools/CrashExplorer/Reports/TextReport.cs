using System.Globalization;
using System.Text;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Reports;

/// <summary>The result for a terminal: the table, what was not covered, the violations, and one line at the end.</summary>
internal static class TextReport
{
    public static string Of(ExplorationOptions options, ExplorationResult result, IReadOnlyList<(Violation Violation, string Directory)> reproductions)
    {
        var text = new StringBuilder();
        var rows = ReportRow.ByWorkloadAndKind(result);
        var widths = Enumerable.Range(0, ReportRow.Titles.Count).Select(column => rows.Select(row => row[column].Length).Append(ReportRow.Titles[column].Length).Max()).ToArray();
        AppendRow(text, ReportRow.Titles, widths);
        foreach (var row in rows)
        {
            AppendRow(text, row, widths);
        }

        text.AppendLine();
        foreach (var uncovered in result.Uncovered)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Not covered: {uncovered}.");
        }

        foreach (var (violation, directory) in reproductions)
        {
            text.AppendLine(violation.Sentence).AppendLine(CultureInfo.InvariantCulture, $"  explore-crash replay {directory}");
        }

        var verdict = result.Violations.Count > 0 ? $"{result.Of(Outcome.Violation)} VIOLATIONS" : "no violation";
        return text.Append(CultureInfo.InvariantCulture, $"{options.Depth.Name}: {result.Images:N0} images, {result.Distinct:N0} distinct, in {result.Took.TotalSeconds:F0} s: {verdict}").ToString();
    }

    private static void AppendRow(StringBuilder text, IReadOnlyList<string> cells, int[] widths)
    {
        // Names to the left, numbers to the right.
        var padded = cells.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
        text.AppendLine(string.Join("  ", padded).TrimEnd());
    }
}
