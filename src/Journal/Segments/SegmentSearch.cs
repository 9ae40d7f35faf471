using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>Finds the page from which a scan towards a position begins, by looking at the first entry of few pages.</summary>
internal static class SegmentSearch
{
    /// <summary>
    /// Address of the last page whose first entry is whole and not behind <paramref name="target"/>; the first existing
    /// address if there is none. The entry is not verified against its neighbours: the scan does that.
    /// </summary>
    public static long PageAtOrBefore(PageReader pages, long fileBytes, SequenceNumber target)
    {
        var files = pages.ListFiles();
        if (files.Count == 0)
        {
            return SegmentLayout.FirstAddress;
        }

        var first = files[0] * fileBytes / SegmentLayout.PageBytes;
        var best = first;
        var low = first;
        var high = (files[^1] + 1) * fileBytes / SegmentLayout.PageBytes;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (FirstEntryOf(pages, middle) is { } sequence && sequence <= target)
            {
                best = middle;
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return best == 0 ? SegmentLayout.FirstAddress : best * SegmentLayout.PageBytes;
    }

    /// <summary>Position of the first entry of a page, or null if there is no whole one.</summary>
    private static SequenceNumber? FirstEntryOf(PageReader pages, long page)
    {
        var offset = page == 0 ? SegmentLayout.FirstAddress : 0;
        if (!pages.TryRead(page) || pages.PageLength < offset + SegmentLayout.FrameHeaderBytes)
        {
            return null;
        }

        var frame = pages.Page[offset..];
        return BinaryPrimitives.ReadInt32LittleEndian(frame) != 0
            && EntryCodec.TryRead(frame[SegmentLayout.FrameHeaderBytes..], out var header, out _, out _)
            ? header.Sequence
            : null;
    }
}
