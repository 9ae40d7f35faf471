using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>The segments of a replica in order, and the names beside them that do not count.</summary>
internal sealed record SegmentListing(SegmentOrder Order, IReadOnlyList<Finding> Findings)
{
    /// <summary>What an interrupted creation or trim leaves; the next start removes it.</summary>
    private const string Unfinished = ".unfinished";

    public static SegmentListing Of(JournalDirectory journal)
    {
        var directory = journal.Replica.Paths.Segments;
        var segments = new List<SegmentName>();
        var findings = new List<Finding>();
        var setAside = journal.Disk.DirectoryExists(directory) ? journal.Replica.ListSetAside() : [];
        var names = journal.Disk.DirectoryExists(directory) ? journal.Disk.List(directory) : [];
        foreach (var name in names.Where(name => !name.EndsWith(Unfinished, StringComparison.Ordinal)))
        {
            var path = journal.Relative(Path.Combine(directory, name));
            if (setAside.Contains(name))
            {
                findings.Add(Beside("SetAside", Severity.Notice, path, "it was behind damage when the replica was rolled back, and is kept until the replica is whole"));
            }
            else if (SegmentName.TryParse(name, out var segment))
            {
                segments.Add(segment);
            }
            else
            {
                findings.Add(Beside("ForeignName", Severity.Harmless, path, "this is not a segment: a start refuses until it is moved away"));
            }
        }

        segments.Sort();
        var order = SegmentOrder.Of(segments, journal.Watermark);
        findings.AddRange(order.Superseded.Select(segment => Beside(
            "Superseded", Severity.Notice, journal.Relative(Path.Combine(directory, segment.ToString())), "it was clipped away by an interrupted clip, which the next start finishes")));
        return new SegmentListing(order, findings);
    }

    private static Finding Beside(string kind, Severity severity, string file, string message) => new()
    {
        Severity = severity,
        Kind = kind,
        File = file,
        Message = message,
    };
}
