using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Verify;

/// <summary>Checks everything that can be checked, in one pass over the entries.</summary>
internal static class Verification
{
    public static VerifyReport Run(JournalDirectory journal, DeepVerification? deep, Progress progress)
    {
        var snapshots = SnapshotSurvey.Of(journal);
        var anchors = new ChainAnchors(journal, snapshots);
        deep?.Begin(journal, snapshots);
        var bytes = 0L;
        var walk = new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            progress.Count(entry.Encoded.Length);
            bytes += entry.Encoded.Length;
            anchors.Check(entry);
            deep?.See(entry);
            return true;
        }).Run(SequenceNumber.First);
        Finding[] findings =
        [
            .. journal.Findings,
            .. Coverage.Judge(journal, walk, snapshots),
            .. snapshots.Findings,
            .. anchors.Findings,
            .. deep?.Findings ?? [],
        ];
        return new VerifyReport
        {
            Entries = walk.Entries,
            EntryBytes = bytes,
            Segments = walk.Segments.Count,
            Snapshots = snapshots.Files.Count,
            Committed = walk.Proven.Value,
            StateHashesChecked = deep?.HashesChecked,
            SnapshotsReplayed = deep?.SnapshotsReplayed,
            StateVerifiedUpTo = deep?.VerifiedUpTo.Value,
            Verdict = Verdict.Of(findings),
            Findings = findings,
        };
    }
}
