using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Whether what lies before the first kept entry is covered, so that a start can rebuild everything.</summary>
internal static class Coverage
{
    /// <summary>All findings of a walk, with what a start makes of each, and what only the whole picture shows.</summary>
    public static IEnumerable<Finding> Judge(JournalDirectory journal, WalkResult walk, SnapshotSurvey snapshots)
    {
        var covered = snapshots.Newest?.Applied.Last ?? SequenceNumber.None;
        return walk.Findings.Concat(Check(journal, walk, snapshots)).Select(finding => finding switch
        {
            { LostFrom: null } => finding,
            { LostUntil: { } until } when until <= covered.Next.Value => finding with { Start = $"does not read it: the snapshot at {covered} covers it" },
            _ => finding with { Start = "refuses" },
        });
    }

    private static IEnumerable<Finding> Check(JournalDirectory journal, WalkResult walk, SnapshotSurvey snapshots)
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

        // Asked anew: a live trim deletes first and records afterwards.
        var head = journal.HasRegister ? RegisterReading.Read(journal.Root, JournalOpening.RegisterName, journal.Disk).Head : SequenceNumber.None;
        if (journal.HasRegister && walk.First is { } kept && kept > head && kept <= covered.Next && !walk.Findings.Any(finding => finding.LostFrom < kept.Value))
        {
            yield return new Finding
            {
                Severity = Severity.Harmless,
                Kind = "HeadBehind",
                File = journal.Relative(journal.Replica.Paths.Segments),
                Message = $"the register keeps entries from {head} on, but the first one is {kept}: an interrupted trim, or lost files",
                LostFrom = head.Value,
                LostUntil = kept.Value,
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
