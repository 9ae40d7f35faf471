using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Whether what lies before the first kept entry is covered, so that a start can rebuild everything.</summary>
internal static class Coverage
{
    public static IEnumerable<Finding> Check(JournalDirectory journal, WalkResult walk, SnapshotSurvey snapshots)
    {
        var covered = snapshots.Newest?.Applied.Last ?? SequenceNumber.None;
        if (walk.First is { } first && first > covered.Next && !walk.Findings.Any(finding => finding.LostFrom <= covered.Next.Value))
        {
            yield return new Finding
            {
                Severity = Severity.Loss,
                Kind = "Gap",
                File = journal.Relative(journal.Replica.Paths.Segments),
                Message = $"the first entry that can be read is {first}, but whole snapshots cover only the entries up to {covered}",
                LostFrom = covered.Next.Value,
                LostUntil = first.Value,
            };
        }

        if (walk.End is { } end && covered > end.Last && walk.Entries > 0)
        {
            yield return new Finding
            {
                Severity = Severity.Loss,
                Kind = "SnapshotAhead",
                File = journal.Relative(Path.Combine(journal.Replica.Paths.Snapshots, covered.ToString())),
                Message = $"the snapshot at {covered} is ahead of the last whole entry {end.Last}",
            };
        }
    }
}
