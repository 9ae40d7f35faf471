using ControlPlane.JournalInspector.Findings;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Views;

/// <summary>Findings for people, one paragraph each.</summary>
internal static class FindingsLayout
{
    public static IRenderable Of(IReadOnlyList<Finding> findings) =>
        new Rows(findings.SelectMany((finding, i) => Lines(finding, i + 1)).Select(line => new Text(line)));

    private static IEnumerable<string> Lines(Finding finding, int number)
    {
        yield return $"{number}. {Word(finding.Severity)}: {finding.Kind}{finding.Place}";
        yield return $"   {finding.Message}";
        if (finding.StoredChecksum is not null)
        {
            yield return $"   checksum   expected {finding.StoredChecksum}, computed {finding.ComputedChecksum}";
        }

        if (finding.ExpectedEntry is { } expected)
        {
            yield return $"   entry      expected {expected}{(finding.FoundEntry is { } found ? $", found {found}" : "")}";
        }

        if (finding.LastGood is { } last)
        {
            yield return $"   last good  {last}";
        }

        if (finding.NextGood is { } next)
        {
            yield return $"   next good  {next}";
        }

        if (finding.LostFrom is { } from)
        {
            yield return $"   unreadable {Range(from, finding.LostUntil)}";
        }

        if (finding.Rule is { } rule)
        {
            yield return $"   rule       \"{rule}\"";
        }

        if (finding.Start is { } start)
        {
            yield return $"   a start    {start}";
        }
    }

    private static string Range(ulong from, ulong? until) =>
        until is null ? $"from {from} on" : until == from + 1 ? $"{from}" : $"{from} to {until - 1}";

    private static string Word(Severity severity) => severity switch
    {
        Severity.Loss => "LOSS",
        Severity.Harmless => "harmless",
        _ => "notice",
    };
}
