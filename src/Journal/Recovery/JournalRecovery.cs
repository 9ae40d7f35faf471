using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Recovery;

/// <summary>How far the verification of a journal has come.</summary>
public readonly record struct RecoveryProgress(long Entries, long Bytes);

/// <summary>
/// Joins the segments of a replica into one verified journal, or refuses. Changes nothing on disk.
/// A segment counts up to where the register closed its epoch, or where a later segment begins; what lies behind that
/// was clipped. The last segment has no such limit unless its epoch is closed: there <see cref="RecoveryTable"/> decides.
/// </summary>
internal sealed class JournalRecovery(
    ReplicaInspection replica, IReadOnlyList<ClosedEpoch> closedEpochs, Watermark? watermark, Action<RecoveryProgress>? progress)
{
    private const int EntriesPerProgress = 1 << 16;

    private readonly List<string> _report = [];
    private readonly List<KeptSegment> _kept = [];
    private long _entries;
    private long _bytes;
    private JournalEnd _end;

    public RecoveredJournal Run(SnapshotHeader? snapshot)
    {
        _end = snapshot?.Applied ?? JournalEnd.Empty(replica.Identity.Journal);
        if (snapshot is not null)
        {
            _report.Add($"snapshot at {_end.Last} is whole");
        }

        var segments = replica.ListSegments();
        for (var i = 0; i < segments.Count; i++)
        {
            Join(segments[i], LimitOf(segments, i));
        }

        RefuseIfProvenIsMissing();
        progress?.Invoke(new RecoveryProgress(_entries, _bytes));
        return new RecoveredJournal(_end, _kept, _entries, _report);
    }

    /// <summary>Where the segment ends by what is known outside it, exclusive; null: only its bytes can tell.</summary>
    private SequenceNumber? LimitOf(IReadOnlyList<SegmentName> segments, int index)
    {
        SequenceNumber? limit = null;
        foreach (var closed in closedEpochs.Where(closed => closed.Epoch == segments[index].Epoch))
        {
            limit = closed.Tail;
        }

        foreach (var later in segments.Skip(index + 1))
        {
            limit = limit is { } known && known <= later.Start ? known : later.Start;
        }

        return limit;
    }

    private void Join(SegmentName segment, SequenceNumber? limit)
    {
        if (limit <= segment.Start)
        {
            return;
        }

        _kept.Add(new KeptSegment(segment, limit ?? SequenceNumber.None));
        if (limit <= _end.Tail)
        {
            _report.Add($"segment {segment}: covered by the snapshot");
            return;
        }

        if (segment.Start > _end.Tail)
        {
            throw new JournalRefusedException(
                RefusalReason.Gap, $"segment {segment} begins at {segment.Start}, but what comes before it ends at {_end.Last}: entries {_end.Tail} to {segment.Start.Previous} are missing");
        }

        var scan = Scan(segment, limit);
        _end = Decide(scan, limit);
        _kept[^1] = new KeptSegment(segment, _end.Tail);
        CheckClosedHash(segment);
    }

    private SegmentScan Scan(SegmentName segment, SequenceNumber? limit)
    {
        using var scanner = replica.ScannerOf(segment);
        var anchor = _end;
        var fromStart = segment.Start == anchor.Tail;
        var range = fromStart
            ? new ScanRange { After = anchor, Until = limit }
            : new ScanRange { FromAddress = scanner.FindAddress(anchor.Last), Until = limit };
        var scan = scanner.Scan(range, (in ScannedEntry entry) =>
        {
            if (!fromStart)
            {
                CheckAnchor(segment, anchor, entry);
            }

            Count(entry);
            return true;
        });
        _report.Add($"segment {segment}: {scan.EntryCount} entries, {scan.ByteCount} bytes verified, stopped in {scan.StopFile} at byte {scan.StopOffset}");
        return scan;
    }

    private void Count(in ScannedEntry entry)
    {
        _bytes += entry.Encoded.Length;
        if (++_entries % EntriesPerProgress == 0)
        {
            progress?.Invoke(new RecoveryProgress(_entries, _bytes));
        }
    }

    // The first entry read is trusted to be what it says; that it is, shows when the chain meets the snapshot's hash.
    private static void CheckAnchor(SegmentName segment, JournalEnd snapshot, in ScannedEntry entry)
    {
        if (entry.Header.Sequence == snapshot.Last && entry.Hash != snapshot.LastHash)
        {
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"the snapshot at {snapshot.Last} names hash {snapshot.LastHash}, but entry {entry.Header.Sequence} in {entry.File} at byte {entry.Offset} has {entry.Hash}");
        }

        if (entry.Header.Sequence == snapshot.Tail && entry.Header.PreviousHash != snapshot.LastHash)
        {
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"entry {entry.Header.Sequence} of segment {segment} in {entry.File} at byte {entry.Offset} follows hash {entry.Header.PreviousHash}, the snapshot names {snapshot.LastHash}");
        }
    }

    private JournalEnd Decide(SegmentScan scan, SequenceNumber? limit)
    {
        // A scan that began at the snapshot's page may have met nothing behind the snapshot.
        var end = scan.End is { } found && found.Last > _end.Last ? found : _end;
        var appendEnd = scan.AppendEnd is { } whole && whole.Last > _end.Last ? whole : _end;
        if (scan.EndedByReader)
        {
            return end;
        }

        if (scan.Damage is { Kind: JournalDamageKind.NewerFormat })
        {
            throw new JournalRefusedException(RefusalReason.NewerFormat, $"{scan.Damage}; last good entry {end.Last}", scan.Damage);
        }

        var complete = end == appendEnd;
        var proven = limit?.Previous ?? Later(scan.CommittedProof, watermark?.Committed ?? SequenceNumber.None);
        var givenUpFrom = (complete ? end : appendEnd).Tail;
        var situation = new RecoveryCase(
            Closed: limit is not null,
            givenUpFrom <= proven ? StopPosition.Proven : StopPosition.BeyondProven,
            scan.Shape,
            EntriesFollow: scan.Damage?.NextGood is not null,
            complete);
        var decision = RecoveryTable.Decide(situation);
        if (decision.Action == RecoveryAction.Refuse)
        {
            throw new JournalRefusedException(
                decision.Reason!.Value,
                $"{RecoveryTable.Name(situation)}: {scan.Damage?.ToString() ?? $"entries end in {scan.StopFile} at byte {scan.StopOffset}"}; last good entry {end.Last}, proven to be committed up to {proven}",
                scan.Damage);
        }

        if (decision.Action == RecoveryAction.ClipTornTail)
        {
            _report.Add($"{RecoveryTable.Name(situation)}: clipped behind {appendEnd.Last} (verified up to {end.Last}) in {scan.StopFile} at byte {scan.StopOffset}; nothing behind {proven} was acknowledged");
            return appendEnd;
        }

        return end;
    }

    private void CheckClosedHash(SegmentName segment)
    {
        foreach (var closed in closedEpochs.Where(closed => closed.Tail == _end.Tail && closed.Epoch == segment.Epoch))
        {
            if (closed.LastHash != _end.LastHash)
            {
                throw new JournalRefusedException(
                    RefusalReason.Contradiction,
                    $"the register closed epoch {closed.Epoch} at {_end.Last} with hash {closed.LastHash}, segment {segment} has {_end.LastHash} there");
            }
        }
    }

    private void RefuseIfProvenIsMissing()
    {
        var proven = watermark?.Committed ?? SequenceNumber.None;
        var witness = "the watermark";
        foreach (var closed in closedEpochs.Where(closed => closed.Tail > proven.Next))
        {
            proven = closed.Tail.Previous;
            witness = $"the register, which closed epoch {closed.Epoch},";
        }

        if (proven > _end.Last)
        {
            throw new JournalRefusedException(
                RefusalReason.AcknowledgedMissing,
                $"{witness} proves entries up to {proven}, but {replica.Paths.Segments} ends at {_end.Last}");
        }
    }

    private static SequenceNumber Later(SequenceNumber left, SequenceNumber right) => left > right ? left : right;
}
