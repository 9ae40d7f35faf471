using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>How <c>diff</c> looks.</summary>
internal static class DiffLayout
{
    public static IRenderable Of(DiffReport report) => Layout.Stack(
    [
        Layout.Properties(
            ("journal", report.Journal),
            ("compared", $"{Quantity.Count((long)report.Compared)} positions"),
            ("verdict", Verdict(report))),
        Layout.Table(
            ["", "REPLICA", "FIRST", "LAST", "ACKNOWLEDGED", "PROVEN COMMITTED", "NOTE", "DIRECTORY"],
            report.Replicas.Select((replica, i) => new[]
            {
                Number(i), replica.Replica, Text(replica.First), Text(replica.Last), Text(replica.Acknowledged), Text(replica.Committed), replica.Note, replica.Name,
            }),
            ""),
        .. report.Divergences.Select(divergence => Divergence(divergence, [.. report.Replicas.Select(replica => replica.Name)])),
        .. report.Replicas.Where(replica => replica.Losses.Count > 0).Select(replica => Layout.Stack(
            Layout.Line($"{replica.Name} cannot be read everywhere:"), FindingsLayout.Of(replica.Losses))),
    ]);

    private static string Verdict(DiffReport report) => report.Outcome switch
    {
        DiffOutcome.Agree => "they agree",
        DiffOutcome.TailsDiffer => "only tails that were never committed differ",
        DiffOutcome.Unreadable => "NOT ALL CAN BE READ: they agree in what can",
        _ => $"BROKEN: {report.Divergences.First(divergence => divergence.Outcome == DiffOutcome.CommittedDiffer).Why}",
    };

    private static IRenderable Divergence(DiffDivergence divergence, List<string> names) => Layout.Stack(
        Layout.Lines([$"At {divergence.Position}: {divergence.Why}.", .. Majority(divergence, names)]),
        Layout.Table(
            ["HELD BY", "ACKNOWLEDGED", "COMMITTED", "EPOCH", "TIME", "WRITER", "KIND", "ENTRY", "HASH"],
            divergence.Sides.Select(side => new[]
            {
                Numbers(side.Holders, names),
                $"by {side.Acknowledged} of {side.Holders.Count}",
                side.Committed ? "proven" : "not proven",
                Text(side.Entry?.Epoch),
                side.Entry?.Time ?? "",
                side.Entry?.Writer ?? "",
                side.Entry?.Kind ?? "(snapshot)",
                side.Entry?.Text ?? side.StateHash ?? "",
                side.Hash,
            }),
            ""));

    private static IEnumerable<string> Majority(DiffDivergence divergence, List<string> names)
    {
        if (divergence.Sides.All(side => side.StateHash is null))
        {
            yield return divergence.Majority is { } holders ? $"The majority's value is the one of {Numbers(holders, names)}." : "No value is held by a majority.";
        }
    }

    /// <summary>Replicas by the number of their row: directories have long names.</summary>
    private static string Numbers(IEnumerable<string> holders, List<string> names) =>
        string.Join(", ", holders.Select(holder => Number(names.IndexOf(holder))));

    private static string Number(int index) => $"#{index + 1}";

    private static string Text(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
