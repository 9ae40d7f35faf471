using System.Globalization;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// FasterLog's framing on disk, found by experiment and pinned by a golden test. An <em>address</em> is a byte position
/// in the segment; device file <c>address / deviceFileBytes</c> holds it. The first entry is at address 64. A frame is a
/// 4-byte little-endian length, the entry, and zeros up to a multiple of 4. A frame never spans a page: where the next
/// does not fit, the rest of the page stays zero, so a length of 0 means "go on at the next page, if there is one".
/// </summary>
public static class SegmentLayout
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 1 << 20;

    /// <summary>Bytes of a sector: what a disk writes wholly or not at all, and the unit in which FasterLog writes.</summary>
    public const int SectorBytes = 512;

    /// <summary>Address of a segment's first frame.</summary>
    public const int FirstAddress = 64;

    /// <summary>Bytes of a frame's length field.</summary>
    public const int FrameHeaderBytes = 4;

    /// <summary>Largest entry in a frame.</summary>
    public const int EntryBytesMax = EntryCodec.HeaderBytes + EntryLimits.PayloadBytesMax;

    private const string FileSuffix = ".entries";

    /// <summary>Bytes of the frame around an entry of <paramref name="entryBytes"/>.</summary>
    public static int FrameBytes(int entryBytes) => FrameHeaderBytes + ((entryBytes + 3) & ~3);

    /// <summary>Where a frame of <paramref name="frameBytes"/> goes when the segment ends at <paramref name="address"/>.</summary>
    public static long PlaceFrame(long address, int frameBytes)
    {
        var inPage = (int)(address % PageBytes);
        return inPage + frameBytes <= PageBytes ? address : address - inPage + PageBytes;
    }

    /// <summary>Name of the device file numbered <paramref name="index"/>.</summary>
    public static string FileName(int index) => index.ToString("D6", CultureInfo.InvariantCulture) + FileSuffix;

    /// <summary>The number in a device file's name; false for any other name.</summary>
    public static bool TryParseFileName(string name, out int index)
    {
        index = 0;
        return name.EndsWith(FileSuffix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(0, name.Length - FileSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            && name == FileName(index);
    }
}
