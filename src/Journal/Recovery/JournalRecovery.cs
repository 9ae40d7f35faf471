using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Recovery;

/// <summary>How far the verification of a journal has come.</summary>
public readonly record struct RecoveryProgress(long Entries, long Bytes);

/// <summary>
/// Joins the segments of a replica into one verified journal; where they are damaged it refuses, or rolls back
/// (<see cref="DamagePolicy"/>). Changes nothing on disk.
/// A segment counts up to where the register closed its epoch, or where a later segment begins; what lies behind that
/// was clipped. The last segment has no such limit unless its epoch is closed: there <see cref="RecoveryTable"/> decides.
/// </summary>
internal sealed class JournalRecovery(
    ReplicaInspection replica, IReadOnlyList<ClosedEpoch> closedEpochs, Watermark? watermark, DamagePolicy policy, Action<RecoveryProgress>? progress)
{
    private const int EntriesPerProgress = 1 << 16;

    private readonly List<string> _report = [];
    private readonly List<KeptSegment> _kept = [];
    private readonly SegmentOrder _order = SegmentOrder.Of(replica.ListSegments(), watermark);
    private long _entries;
    private long _bytes;
    private JournalEnd _end;

    /// <summary>The last entry up to <see cref="_end"/> that ends an append: an append may go on in the segment behind.</summary>
    private JournalEnd _appendEnd;

    /// <summary>The last end that something other than the entries themselves vouches for.</summary>
    private JournalEnd _confirmed;

    /// <summary>Where the journal would end if what is being looked at turned out to be damaged.</summary>
    private JournalEnd _rollBackTo;

    /// <summary>True once it is known that no segment can be trusted below the snapshot either.</summary>
    private bool _nothingBelow;

    public RecoveredJournal Run(SnapshotHeader? snapshot)
    {
        _end = _appendEnd = _confirmed = _rollBackTo = snapshot?.Applied ?? JournalEnd.Empty(replica.Identity.Journal);
        if (snapshot is not null)
        {
            _report.Add($"snapshot at {_end.Last} is whole");
        }

        var overtaken = 0;
        JournalRefusedException? damage = null;
        try
        {
            // Until one is found that reaches the snapshot, none does.
            _nothingBelow = true;
            overtaken = new OvertakenSegments(replica, _order).CountBelow(_end);
            _nothingBelow = false;
            if (overtaken > 0)
            {
                _report.Add($"{overtaken} segments do not reach the snapshot at {_end.Last}, which takes their place");
            }

            for (var i = overtaken; i < _order.Segments.Count; i++)
            {
                if (_order.Segments[i] == watermark?.Segment)
                {
                    CheckBeforeStart();
                }

                Join(_order.Segments[i], LimitOf(i));
            }

            CheckBeforeStart();
            ClipUnfinishedAppend();
            RefuseIfProvenIsMissing();
        }
        catch (JournalRefusedException found) when (policy == DamagePolicy.RollBack && found.IsDamagedContent)
        {
            damage = found;
            RollBack(found);
        }

        progress?.Invoke(new RecoveryProgress(_entries, _bytes));
        var superseded = _order.Segments.Take(overtaken).ToArray();
        return new RecoveredJournal(_end, _kept, _entries, _report)
        {
            Newest = _order.Newest,
            Clipped = _order.Superseded,
            Overtaken = superseded,
            Damage = damage,
            RolledBack = damage is null ? [] : [.. _order.Segments.Except(superseded).Where(segment => !_kept.Exists(kept => kept.Name == segment))],
        };
    }

    private void RollBack(JournalRefusedException found)
    {
        if (_nothingBelow)
        {
            _kept.Clear();
        }

        EndAt(_rollBackTo);
        _report.Add($"rolled back to {_end.Last}, the last whole append that verifies: {found.Finding}");
    }

    private void EndAt(JournalEnd end)
    {
        _end = _appendEnd = end;
        _kept.RemoveAll(segment => segment.Name.Start >= end.Tail);
        if (_kept.Count > 0)
        {
            _kept[^1] = _kept[^1] with { Tail = end.Tail };
        }
    }

    // A segment may have begun within an append whose rest never came. The watermark does not prove what is given up: see ReplicaStore.
    private void ClipUnfinishedAppend()
    {
        if (_appendEnd != _end)
        {
            _report.Add($"an append cut short: clipped behind {_appendEnd.Last} (verified up to {_end.Last})");
            EndAt(_appendEnd);
        }
    }

    private SegmentLimit LimitOf(int index)
    {
        var takenOver = _order.LimitOf(index);
        SequenceNumber? closedAt = null;
        foreach (var closed in closedEpochs.Where(closed => closed.Epoch == _order.Segments[index].Epoch))
        {
            closedAt = closed.Tail;
        }

        var until = closedAt is { } end && !(takenOver < end) ? end : takenOver;
        return new SegmentLimit(until, MustBeReached: takenOver is not null || policy == DamagePolicy.Refuse);
    }

    private void Join(SegmentName segment, SegmentLimit limit)
    {
        if (limit.Until <= segment.Start)
        {
            return;
        }

        _rollBackTo = _appendEnd;
        _kept.Add(new KeptSegment(segment, limit.Until ?? SequenceNumber.None));
        if (limit.Until <= _end.Tail)
        {
            _report.Add($"segment {segment}: covered by the snapshot");
            return;
        }

        if (segment.Start > _end.Tail)
        {
            throw new JournalRefusedException(
                RefusalReason.Gap, $"{PathOf(segment)} begins at {segment.Start}, but what comes before it ends at {_end.Last}: entries {_end.Tail} to {segment.Start.Previous} are missing");
        }

        var scan = Scan(segment, limit.Until);
        _end = Decide(scan, limit);
        _kept[^1] = new KeptSegment(segment, _end.Tail);
        CheckClosedHash(segment);
        _rollBackTo = _appendEnd;
    }

    private SegmentScan Scan(SegmentName segment, SequenceNumber? until)
    {
        using var scanner = replica.ScannerOf(segment);
        var anchor = _end;
        var fromStart = segment.Start == anchor.Tail;
        var range = fromStart
            ? new ScanRange { After = anchor, Until = until }
            : new ScanRange { FromAddress = scanner.FindAddress(anchor.Last), Until = until };
        _nothingBelow = !fromStart;
        var scan = scanner.Scan(range, (in ScannedEntry entry) =>
        {
            if (!fromStart)
            {
                CheckAnchor(segment, anchor, entry, isFirst: _nothingBelow);
                _nothingBelow &= entry.Header.Sequence < anchor.Last;
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
    private static void CheckAnchor(SegmentName segment, JournalEnd snapshot, in ScannedEntry entry, bool isFirst)
    {
        if (isFirst && entry.Header.Sequence > snapshot.Tail)
        {
            throw new JournalRefusedException(
                RefusalReason.Gap,
                $"segment {segment} begins with entry {entry.Header.Sequence} in {entry.File} at byte {entry.Offset}, the snapshot ends at {snapshot.Last}: what lies between is missing");
        }

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

    private JournalEnd Decide(SegmentScan scan, SegmentLimit limit)
    {
        // A scan that began at the snapshot's page may have met nothing behind the snapshot.
        var end = scan.End is { } found && found.Last > _end.Last ? found : _end;
        var appendEnd = scan.AppendEnd is { } whole && whole.Last > _end.Last ? whole : _appendEnd;
        _appendEnd = appendEnd;
        if (scan.EndedByReader)
        {
            return end;
        }

        if (scan.Damage is { Kind: JournalDamageKind.NewerFormat })
        {
            throw new JournalRefusedException(RefusalReason.NewerFormat, $"{scan.Damage}; last good entry {end.Last}", scan.Damage);
        }

        var complete = end == appendEnd;
        var closed = limit is { Until: not null, MustBeReached: true };
        var proven = closed ? limit.Until!.Value.Previous : Earlier(Later(scan.CommittedProof, Acknowledged), limit.Until?.Previous);
        var givenUpFrom = (complete ? end : appendEnd).Tail;
        var situation = new RecoveryCase(
            closed,
            givenUpFrom <= proven ? StopPosition.Proven : StopPosition.BeyondProven,
            scan.Shape,
            EntriesFollow: scan.Damage?.NextGood is not null,
            complete);
#if MUTANTS
        situation = Mutant.Is("damage-taken-for-a-torn-tail") ? new RecoveryCase(false, StopPosition.BeyondProven, StopShape.TornSectors, false, complete) : situation;
#endif
        var decision = RecoveryTable.Decide(situation);
        if (decision.Action == RecoveryAction.Refuse)
        {
            _rollBackTo = appendEnd;
            throw new JournalRefusedException(
                decision.Reason!.Value,
                $"{RecoveryTable.Name(situation)}: {scan.Damage?.ToString() ?? $"entries end in {scan.StopFile} at byte {scan.StopOffset}"}; last good entry {end.Last}, proven to be acknowledged up to {proven}",
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
                // Every hash behind the last one that somebody else vouches for may be of the other history.
                _rollBackTo = _confirmed;
                throw new JournalRefusedException(
                    RefusalReason.Contradiction,
                    $"the register closed epoch {closed.Epoch} at {_end.Last} with hash {closed.LastHash}, {PathOf(segment)} has {_end.LastHash} there");
            }

            _confirmed = _end;
        }
    }

    /// <summary>What this replica is bound to hold; among several, not what was told to be clipped since.</summary>
    private SequenceNumber Acknowledged => policy == DamagePolicy.Refuse
        ? _order.Acknowledged
        : closedEpochs.Where(closed => closed.Epoch == watermark?.Epoch)
            .Aggregate(_order.Acknowledged, (bound, closed) => Earlier(bound, closed.Tail.Previous));

    // Where the newest segment is empty, or not there yet, its entries cannot tell what they follow: a segment that was lost before it would
    // leave an older one to go on with what was clipped of it.
    private void CheckBeforeStart()
    {
        if (watermark is { BeforeStart: { } hash } mark && mark.Segment == _order.Newest && mark.Segment.Start == _end.Tail && hash != _end.LastHash)
        {
            _rollBackTo = _confirmed;
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"the watermark {replica.Paths.Watermark} names hash {hash} before {mark.Segment}, but entry {_end.Last} in {replica.Paths.Segments} has {_end.LastHash}");
        }
    }

    private void RefuseIfProvenIsMissing()
    {
        var proven = Acknowledged;
        var witness = "the watermark";
        foreach (var closed in closedEpochs.Where(closed => policy == DamagePolicy.Refuse && closed.Tail > proven.Next))
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

    private string PathOf(SegmentName segment) => Path.Combine(replica.Paths.Segments, segment.ToString());

    private static SequenceNumber Later(SequenceNumber left, SequenceNumber right) => left > right ? left : right;

    private static SequenceNumber Earlier(SequenceNumber position, SequenceNumber? limit) => limit < position ? limit.Value : position;

    /// <param name="Until">Where the segment ends by what is known outside it, exclusive; null: only its bytes can tell.</param>
    /// <param name="MustBeReached">Ending before it is damage; otherwise the replica may just have been away.</param>
    private readonly record struct SegmentLimit(SequenceNumber? Until, bool MustBeReached);
}
