using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Recovery;

/// <summary>
/// Finds the segments that a received snapshot has left behind: they end, without any damage, before the entry at which the snapshot
/// stands. The entries between are missing for ever, and the journal begins behind the snapshot.
/// </summary>
internal sealed class OvertakenSegments(ReplicaInspection replica, SegmentOrder order)
{
    /// <summary>How many of the first segments lie below <paramref name="start"/> and do not reach it.</summary>
    public int CountBelow(JournalEnd start)
    {
        var last = order.Segments.Count - 1;
        while (last >= 0 && order.Segments[last].Start > start.Last)
        {
            last--;
        }

        return last >= 0 && EndsBefore(order.Segments[last], start.Last) ? last + 1 : 0;
    }

    private bool EndsBefore(SegmentName segment, SequenceNumber position)
    {
        using var scanner = replica.ScannerOf(segment);
        var scan = scanner.Scan(new ScanRange { FromAddress = scanner.FindAddress(position), Until = position.Next });
        return scan is { EndedByReader: false, Damage: null, Shape: StopShape.CleanZeros } && !(scan.End?.Last >= position);
    }
}
