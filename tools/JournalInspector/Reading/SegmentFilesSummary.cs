using ControlPlane.Journal.Segments;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Counts a segment's device files.</summary>
internal static class SegmentFilesSummary
{
    public static SegmentSummary Of(JournalDirectory journal, SegmentName name)
    {
        var directory = Path.Combine(journal.Replica.Paths.Segments, name.ToString());
        var files = journal.Disk.List(directory).Where(file => SegmentLayout.TryParseFileName(file, out _)).ToArray();
        return new SegmentSummary(name) { Files = files.Length, FileBytes = files.Sum(LengthOf) };

        long LengthOf(string file)
        {
            using var opened = journal.Disk.Open(Path.Combine(directory, file), writable: false);
            return opened.Length;
        }
    }
}
