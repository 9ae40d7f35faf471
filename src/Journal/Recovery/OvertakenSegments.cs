using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Recovery;

/// <summary>
/// Finds the segments that a received snapshot has left behind: they end before the entry at which the snapshot stands. What lies between is
/// missing for ever, and the journal begins behind the snapshot.
/// </summary>
internal sealed class OvertakenSegments(ReplicaInspection replica, SegmentOrder order)
{
    private enum Reach
    {
        /// <summary>The entry at the position is there.</summary>
        Reaches,

        /// <summary>Entries end before it, as they do after a whole or a torn write.</summary>
        EndsBefore,

        /// <summary>Something else stands between.</summary>
        Damaged,
    }

    /// <summary>How many of the first segments lie below <paramref name="start"/> and do not reach it.</summary>
    /// <exception cref="JournalRefusedException">The entry at <paramref name="start"/> is of another history.</exception>
    public int CountBelow(JournalEnd start)
    {
        var last = order.Segments.Count - 1;
        while (last >= 0 && order.Segments[last].Start > start.Last)
        {
            last--;
        }

        if (last < 0)
        {
            return 0;
        }

        var reach = ReachOf(order.Segments[last], start.Last, start.LastHash);
        if (reach == Reach.EndsBefore || (reach == Reach.Damaged && EndsAt(last, start.Tail)))
        {
            return last + 1;
        }

        // One that an earlier snapshot overtook is not joined to what follows it. Damage among them is for whoever reads there.
        while (--last >= 0)
        {
            if (order.LimitOf(last) is { } limit && limit > order.Segments[last].Start
                && ReachOf(order.Segments[last], limit.Previous, expected: null) == Reach.EndsBefore)
            {
                return last + 1;
            }
        }

        return 0;
    }

    /// <summary>True if nothing but the snapshot lies behind the segment, so that no later scan would meet its damage.</summary>
    private bool EndsAt(int index, SequenceNumber tail) => index == order.Segments.Count - 1 && order.LimitOf(index) == tail;

    private Reach ReachOf(SegmentName segment, SequenceNumber position, ChainHash? expected)
    {
        ScannedEntryPlace? there = null;
        using var scanner = replica.ScannerOf(segment);
        var scan = scanner.Scan(
            new ScanRange { FromAddress = scanner.FindAddress(position), Until = position.Next },
            (in ScannedEntry entry) =>
            {
                there = entry.Header.Sequence == position ? new ScannedEntryPlace(entry.Hash, entry.File, entry.Offset) : null;
                return entry.Header.Sequence < position;
            });
        if (there is { } found && expected is { } hash && found.Hash != hash)
        {
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"the snapshot at {position} names hash {hash}, but entry {position} in {found.File} at byte {found.Offset} has {found.Hash}");
        }

        var endsCleanly = scan is { Damage: null, Shape: StopShape.CleanZeros } or { Shape: StopShape.TornSectors, Damage.NextGood: null };
        return there is not null ? Reach.Reaches
            : !scan.EndedByReader && endsCleanly ? Reach.EndsBefore
            : Reach.Damaged;
    }

    private readonly record struct ScannedEntryPlace(ChainHash Hash, string File, long Offset);
}
