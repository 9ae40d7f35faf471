using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Info;

/// <summary>How <c>info</c> looks.</summary>
internal static class InfoLayout
{
    public static IRenderable Of(InfoReport report) => Layout.Stack(
        Layout.Properties(
            ("cluster", report.Cluster),
            ("journal", report.Journal),
            ("replica", report.Replica),
            ("head", Text(report.Head) is { Length: > 0 } head ? head : "none kept"),
            ("committed", Text(report.Committed)),
            ("tail", Text(report.Tail)),
            ("last entry", report.LastTime ?? ""),
            ("promise", Promise(report)),
            ("watermark", report.Watermark is null ? "none" : $"{Text(report.Watermark)} in segment {report.WatermarkSegment}"),
            ("register", Register(report)),
            ("verdict", report.Verdict)),
        Epochs(report),
        Segments(report),
        Snapshots(report));

    private static string Promise(InfoReport report) => report.PromisedEpoch is null
        ? "not readable"
        : $"epoch {Text(report.PromisedEpoch)}{(report.IsSealed is true ? ", sealed" : "")}{(report.IsWhole is false ? ", not whole" : "")}";

    private static string Register(InfoReport report) => report.RegisterVersion is null
        ? "not here"
        : report.RegisterHead is null ? "not readable" : $"version {Text(report.RegisterVersion)}, head {Text(report.RegisterHead)}";

    private static IRenderable Epochs(InfoReport report) => Layout.Table(
        ["EPOCH", "START", "END", "WRITER", "REPLICAS"],
        report.Epochs.Select(epoch => new[] { Text(epoch.Epoch), Text(epoch.Start), epoch.End is null ? "open" : Text(epoch.End), epoch.Writer, Text((ulong)epoch.Replicas) }),
        "No epochs known.");

    private static IRenderable Segments(InfoReport report) => Layout.Table(
        ["SEGMENT", "FILES", "SIZE", "ENTRIES", "BYTES", "FIRST", "LAST", "LIMIT"],
        report.Segments.Select(segment => new[]
        {
            segment.Name,
            Text((ulong)segment.Files),
            Quantity.Bytes(segment.FileBytes),
            Quantity.Count(segment.Entries),
            Quantity.Bytes(segment.EntryBytes),
            Text(segment.First),
            Text(segment.Last),
            segment.Limit is null ? "none" : Text(segment.Limit),
        }),
        "No segments.");

    private static IRenderable Snapshots(InfoReport report) => Layout.Table(
        ["SNAPSHOT", "SIZE", "TIME", "STATE HASH"],
        report.Snapshots.Select(snapshot => new[]
        {
            Text(snapshot.Position), Quantity.Bytes(snapshot.PayloadBytes), snapshot.Time ?? "", snapshot.StateHash ?? "DAMAGED",
        }),
        "No snapshots.");

    private static string Text(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";
}
