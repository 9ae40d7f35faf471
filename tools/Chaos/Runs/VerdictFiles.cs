using System.Text;
using System.Text.Json;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Runs;

/// <summary>A verdict as files: for programs, and for people.</summary>
internal static class VerdictFiles
{
    private const int ShownMax = 20;

    public static async Task WriteAsync(RunDirectory directory, RunVerdict verdict, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(directory.Verdict, JsonSerializer.Serialize(verdict, JsonShape.Indented) + "\n", cancellation);
        await File.WriteAllTextAsync(directory.Summary, Summary(verdict), cancellation);
    }

    public static string Summary(RunVerdict verdict)
    {
        var figures = verdict.Figures;
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"# {verdict.Scenario}: {verdict.Outcome.ToString().ToUpperInvariant()}\n"));
        text.AppendLine(FormattableString.Invariant($"{verdict.Breaks}\n"));
        text.AppendLine("| operations | acknowledged | denied | refused | unknown | faults | kills | pauses | cuts | disk | clock | longest outage | allocated after healing |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        text.AppendLine(FormattableString.Invariant(
            $"| {figures.Operations} | {figures.Ok} | {figures.Denied} | {figures.Refused} | {figures.Unknown} | {figures.Faults} | {figures.Kills} | {figures.Pauses} | {figures.Cuts} | {figures.DiskFaults} | {figures.ClockFaults} | {figures.LongestOutageMs} ms | {figures.RecoveredMs} ms |\n"));
        AddList(text, "What must never happen, and did", [.. verdict.Violations.Select(finding => finding.ToString())]);
        AddList(text, "What did not come in time", [.. verdict.Delays.Select(finding => finding.ToString())]);
        AddList(text, "Why it says too little", verdict.Gaps);
        AddList(text, "Faults", [.. figures.FaultsByKind.Select(fault => FormattableString.Invariant($"{fault.Key}: {fault.Value}"))]);
        text.AppendLine(FormattableString.Invariant($"Again: `{verdict.Replay}`"));
        return text.ToString();
    }

    private static void AddList(StringBuilder text, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        text.AppendLine(FormattableString.Invariant($"## {title}\n"));
        foreach (var item in items.Take(ShownMax))
        {
            text.AppendLine(FormattableString.Invariant($"- {item}"));
        }

        text.AppendLine(items.Count > ShownMax ? FormattableString.Invariant($"- and {items.Count - ShownMax} more\n") : "");
    }
}
