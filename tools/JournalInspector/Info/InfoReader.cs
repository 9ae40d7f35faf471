using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Info;

/// <summary>Gathers what <c>info</c> says.</summary>
internal static class InfoReader
{
    public static InfoReport Read(JournalDirectory journal, Progress progress)
    {
        var walk = new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            progress.Count(entry.Encoded.Length);
            return true;
        }).Run(SequenceNumber.First);
        var snapshots = SnapshotSurvey.Of(journal);
        Finding[] findings = [.. journal.Findings, .. Coverage.Judge(journal, walk, snapshots), .. snapshots.Findings];
        var end = walk.End ?? snapshots.Newest?.Applied;
        var last = end?.Last ?? SequenceNumber.None;
        return new InfoReport
        {
            Cluster = journal.Replica.Identity.Cluster.ToString(),
            Journal = journal.Replica.Identity.Journal.ToString(),
            Replica = journal.Replica.Identity.Replica.ToString(),
            Head = walk.First?.Value,
            Committed = walk.Proven.Value,
            Tail = last.Next.Value,
            LastTime = last == SequenceNumber.None ? null : end!.Value.LastTime.ToString(),
            PromisedEpoch = journal.Promise?.Epoch.Value,
            IsSealed = journal.Promise?.IsSealed,
            IsWhole = journal.Promise?.IsWhole,
            WatermarkSegment = journal.Watermark?.Segment.ToString(),
            Watermark = journal.Watermark?.Acknowledged.Value,
            RegisterVersion = journal.HasRegister ? journal.Register.Version : null,
            RegisterHead = journal.Register.Configuration?.Head.Value,
            Epochs = [.. (journal.Register.Configuration?.Epochs ?? []).Select(epoch => new InfoEpoch(
                epoch.Epoch.Value, epoch.Start.Value, epoch.End?.Value, epoch.Writer.ToString(), epoch.Replicas.Count))],
            Segments = [.. walk.Segments.Select(segment => new InfoSegment(
                segment.Name.ToString(), segment.Files, segment.FileBytes, segment.Entries, segment.EntryBytes, segment.First?.Value, segment.Last?.Value, segment.Limit?.Value))],
            Snapshots = [.. snapshots.Files.Select(file => new InfoSnapshot(
                file.Position.Value,
                file.PayloadBytes,
                file.Header?.Applied.LastTime.ToString(),
                file.Header is { } header ? Identifier128.Format(header.StateHash) : null))],
            Verdict = Verdict.Of(findings),
        };
    }
}
