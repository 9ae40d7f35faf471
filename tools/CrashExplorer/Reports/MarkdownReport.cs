using System.Globalization;
using System.Text;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Mutants;

namespace ControlPlane.CrashExplorer.Reports;

/// <summary>The tables for a document.</summary>
internal static class MarkdownReport
{
    public static string Of(ExplorationOptions options, ExplorationResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Depth {options.Depth.Name}: {result.Images:N0} images, {result.Distinct:N0} distinct, {result.Violations.Count} violations, {result.Took.TotalSeconds:F0} s with {options.Jobs} jobs.");
        text.AppendLine();
        AppendTable(text, ReportRow.Titles, ReportRow.ByKind(result));
        text.AppendLine();
        AppendTable(text, ReportRow.Titles, ReportRow.ByWorkloadAndKind(result));
        return text.ToString();
    }

    public static string OfMutants(IReadOnlyList<HuntResult> results, IReadOnlyList<StorageMutant> absent)
    {
        var text = new StringBuilder();
        AppendTable(text, ["mutant", "the bug", "found by", "images until then", "how it showed"],
        [
            .. results.Select(result => new[]
            {
                result.Mutant.Name,
                result.Mutant.Says,
                result.Found is { } found ? $"{found.Workload.Name}, {found.Kind}" : "NOT FOUND",
                result.Images.ToString("N0", CultureInfo.InvariantCulture),
                result.Found is { } shown ? shown.Why.Split(':')[0] : string.Empty,
            }),
            .. absent.Select(mutant => new[] { mutant.Name, mutant.Says, "not in this build", string.Empty, string.Empty }),
        ]);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, IReadOnlyList<string> titles, IReadOnlyList<string[]> rows)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", titles)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|{string.Concat(titles.Select(_ => "---|"))}");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |");
        }
    }
}
