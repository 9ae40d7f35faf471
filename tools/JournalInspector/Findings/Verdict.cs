namespace ControlPlane.JournalInspector.Findings;

/// <summary>All findings in one word and one line. Its words and the exit codes of <c>verify</c> belong together.</summary>
internal static class Verdict
{
    public const string Whole = "whole";
    public const string Harmless = "damaged, nothing acknowledged is lost";
    public const string Loss = "DAMAGED: acknowledged data is damaged, missing, or in doubt";

    public static Severity WorstOf(IEnumerable<Finding> findings) =>
        findings.Select(finding => finding.Severity).DefaultIfEmpty(Severity.Notice).Max();

    public static string Of(IReadOnlyCollection<Finding> findings)
    {
        var worst = WorstOf(findings);
        return worst switch
        {
            Severity.Loss => $"{Loss} ({First(findings, worst)})",
            Severity.Harmless => $"{Harmless} ({First(findings, worst)})",
            _ => Whole,
        };
    }

    private static string First(IReadOnlyCollection<Finding> findings, Severity worst)
    {
        var same = findings.Where(finding => finding.Severity == worst).ToArray();
        var more = same.Length > 1 ? $", and {same.Length - 1} more" : "";
        return same[0].Kind + same[0].Place + more;
    }
}
