using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>The segments of a replica in order, and the names beside them that are not segments.</summary>
internal sealed record SegmentListing(IReadOnlyList<SegmentName> Segments, IReadOnlyList<Finding> Findings)
{
    /// <summary>What an interrupted creation or trim leaves; the next start removes it.</summary>
    private const string Unfinished = ".unfinished";

    public static SegmentListing Of(JournalDirectory journal)
    {
        var directory = journal.Replica.Paths.Segments;
        var segments = new List<SegmentName>();
        var findings = new List<Finding>();
        var names = journal.Disk.DirectoryExists(directory) ? journal.Disk.List(directory) : [];
        foreach (var name in names.Where(name => !name.EndsWith(Unfinished, StringComparison.Ordinal)))
        {
            if (SegmentName.TryParse(name, out var segment))
            {
                segments.Add(segment);
            }
            else
            {
                findings.Add(Foreign(journal.Relative(Path.Combine(directory, name))));
            }
        }

        segments.Sort();
        return new SegmentListing(segments, findings);
    }

    private static Finding Foreign(string file) => new()
    {
        Severity = Severity.Harmless,
        Kind = "ForeignName",
        File = file,
        Message = "this is not a segment: a start refuses until it is moved away",
    };
}
