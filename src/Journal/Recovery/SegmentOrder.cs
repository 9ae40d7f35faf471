using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Recovery;

/// <summary>
/// Which of a replica's segments count, and how far. A segment ends where a later one begins; the watermark names the newest one, and
/// does so before its directory exists, so that a clip that was interrupted is complete from that moment on.
/// </summary>
/// <param name="Segments">Those that count, in order.</param>
/// <param name="Superseded">Those that were clipped away whole, or never held an entry, and were not removed yet.</param>
/// <param name="Newest">The newest begun, whether its directory exists or not; null if none was.</param>
/// <param name="Acknowledged">The last position that the watermark binds this replica to.</param>
public sealed record SegmentOrder(
    IReadOnlyList<SegmentName> Segments, IReadOnlyList<SegmentName> Superseded, SegmentName? Newest, SequenceNumber Acknowledged)
{
    /// <summary>Judges the directories of a replica.</summary>
    /// <param name="listed">All of them, in order.</param>
    /// <param name="watermark">Null if it cannot be read: then names alone decide.</param>
    public static SegmentOrder Of(IReadOnlyList<SegmentName> listed, Watermark? watermark)
    {
        if (watermark is not { } mark || mark.Epoch == default)
        {
            return new SegmentOrder(listed, [], listed.Count > 0 ? listed[^1] : null, watermark?.Acknowledged ?? SequenceNumber.None);
        }

        var newer = listed.Where(segment => segment > mark.Segment).ToArray();
        if (newer.Any(segment => segment.Epoch > mark.Epoch || mark.Acknowledged >= mark.Segment.Start))
        {
            // Older than the newest segment, which no crash leaves: it binds up to where a newer one took over, and decides nothing else.
            var takenOver = newer.Min(segment => segment.Start).Previous;
            return new SegmentOrder(listed, [], listed[^1], mark.Acknowledged < takenOver ? mark.Acknowledged : takenOver);
        }

        var superseded = listed.Where(segment => segment.Start >= mark.Segment.Start && (mark.Replaces || segment != mark.Segment)).ToArray();
        return new SegmentOrder([.. listed.Except(superseded)], superseded, mark.Segment, mark.Acknowledged);
    }

    /// <summary>Where what comes later takes over from a segment, exclusive; null for the newest.</summary>
    public SequenceNumber? LimitOf(int index)
    {
        var limit = Newest is { } newest && newest != Segments[index] ? newest.Start : (SequenceNumber?)null;
        foreach (var later in Segments.Skip(index + 1))
        {
            limit = limit is { } known && known <= later.Start ? known : later.Start;
        }

        return limit;
    }
}
