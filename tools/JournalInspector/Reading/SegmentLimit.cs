using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Where a segment ends by what is known outside it: the register closed its epoch, or a later segment begins.</summary>
internal static class SegmentLimit
{
    /// <summary>Exclusive; null: only the segment's own bytes tell.</summary>
    public static SequenceNumber? Of(IReadOnlyList<SegmentName> segments, int index, IReadOnlyList<ClosedEpoch> closedEpochs)
    {
        var limits = closedEpochs.Where(closed => closed.Epoch == segments[index].Epoch).Select(closed => closed.Tail)
            .Concat(segments.Skip(index + 1).Select(later => later.Start))
            .ToArray();
        return limits.Length == 0 ? null : limits.Min();
    }
}
