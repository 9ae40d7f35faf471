using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Where a segment ends by what is known outside it: the register closed its epoch, or a later segment begins.</summary>
internal static class SegmentLimit
{
    /// <summary>Exclusive; null: only the segment's own bytes tell.</summary>
    public static SequenceNumber? Of(SegmentOrder order, int index, IReadOnlyList<ClosedEpoch> closedEpochs)
    {
        var limit = order.LimitOf(index);
        foreach (var closed in closedEpochs.Where(closed => closed.Epoch == order.Segments[index].Epoch))
        {
            limit = limit < closed.Tail ? limit : closed.Tail;
        }

        return limit;
    }
}
