using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// Looks at everything from a damaged place to the end of the segment: how the bytes look, which whole entries follow,
/// and what those prove to have been acknowledged.
/// </summary>
internal sealed record DamageSurvey
{
    public StopShape Shape { get; private set; }

    public SequenceNumber? Found { get; private set; }

    public uint? StoredChecksum { get; private set; }

    public uint? ComputedChecksum { get; private set; }

    public EntryLocation? NextGood { get; private set; }

    public SequenceNumber CommittedProof { get; private set; }

    public static DamageSurvey Of(PageReader pages, long address, JournalDamageKind kind, JournalId journal, SequenceNumber expected)
    {
        var survey = new DamageSurvey { Shape = StopShape.MissingBytes };
        if (kind is not (JournalDamageKind.MissingFile or JournalDamageKind.ShortFile))
        {
            pages.TryRead(address / SegmentLayout.PageBytes);
            survey.LookAt(pages.Page, (int)(address % SegmentLayout.PageBytes), kind);
        }

        survey.FindEntries(pages, address, journal, expected);
        if (kind is JournalDamageKind.Hole && survey.NextGood is { } next && next.Sequence == expected && IsOnAnotherPage(next, pages.Locate(address)))
        {
            // The entry that belongs next is whole on the next page: no write is missing here, and the rest of a page is never anything but zero. On the
            // same page it would be one whose length lay in a sector that did not arrive.
            survey.Shape = StopShape.Garbage;
        }

        return survey;
    }

    private static bool IsOnAnotherPage(EntryLocation entry, (string File, long Offset) place) =>
        entry.File != place.File || entry.Offset / SegmentLayout.PageBytes != place.Offset / SegmentLayout.PageBytes;

    private void LookAt(ReadOnlySpan<byte> page, int offset, JournalDamageKind kind)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(page[offset..]);
        if (kind is JournalDamageKind.Hole)
        {
            var sectorEnd = Math.Min(NextSector(offset), page.Length);
            Shape = page[offset..sectorEnd].ContainsAnyExcept((byte)0) ? StopShape.Garbage : StopShape.TornSectors;
            return;
        }

        if (kind is not (JournalDamageKind.BadEntry or JournalDamageKind.BadFrame))
        {
            // A whole entry in the wrong place was written wholly: no interruption explains it.
            Shape = StopShape.Garbage;
            Found = HeaderAt(page, offset)?.Sequence;
            return;
        }

        Found = HeaderAt(page, offset)?.Sequence;
        var plausible = length is >= EntryCodec.HeaderBytes and <= SegmentLayout.EntryBytesMax
            && offset + SegmentLayout.FrameBytes(length) <= page.Length;
        Shape = plausible && HasZeroSector(page, offset, offset + SegmentLayout.FrameHeaderBytes + length) && !HasTwoLengths(page, offset, length)
            ? StopShape.TornSectors
            : StopShape.Garbage;
        if (plausible)
        {
            var entry = page.Slice(offset + SegmentLayout.FrameHeaderBytes, length);
            StoredChecksum = BinaryPrimitives.ReadUInt32LittleEndian(entry[124..]);
            var crc = Crc32C.Append(Crc32C.Initial, entry[..124]);
            ComputedChecksum = Crc32C.Finish(Crc32C.Append(crc, entry[EntryCodec.HeaderBytes..]));
        }
    }

    /// <summary>True if the part of the entry in some sector is all zero: that sector did not arrive.</summary>
    private static bool HasZeroSector(ReadOnlySpan<byte> page, int from, int until)
    {
        for (var start = from; start < until; start = NextSector(start))
        {
            var end = Math.Min(NextSector(start), until);
            if (!page[start..end].ContainsAnyExcept((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// True if frame and entry name different lengths, and both are from sectors that arrived. No interrupted write leaves that; a frame whose
    /// length was changed would otherwise look torn, because it seems to reach into sectors where nothing was written yet.
    /// </summary>
    private static bool HasTwoLengths(ReadOnlySpan<byte> page, int offset, int length)
    {
        var field = offset + SegmentLayout.FrameHeaderBytes + EntryCodec.PayloadLengthOffset;
        var sector = Math.Max(NextSector(field) - SegmentLayout.SectorBytes, offset);
        var hasArrived = page[sector..Math.Min(NextSector(field), page.Length)].ContainsAnyExcept((byte)0);
        return hasArrived && EntryCodec.HeaderBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(page[field..]) != length;
    }

    private static int NextSector(int offset) => (offset / SegmentLayout.SectorBytes * SegmentLayout.SectorBytes) + SegmentLayout.SectorBytes;

    private static EntryHeader? HeaderAt(ReadOnlySpan<byte> page, int offset)
    {
        EntryCodec.TryRead(page[(offset + SegmentLayout.FrameHeaderBytes)..], out var header, out _, out _);
        return header == default ? null : header;
    }

    private void FindEntries(PageReader pages, long address, JournalId journal, SequenceNumber expected)
    {
        var files = pages.ListFiles();
        var lastFile = files.Count == 0 ? -1 : files[^1];
        var from = (int)(address % SegmentLayout.PageBytes) + SegmentLayout.FrameHeaderBytes;
        for (var page = address / SegmentLayout.PageBytes; pages.FileIndexOf(page) <= lastFile; page++, from = 0)
        {
            if (pages.TryRead(page))
            {
                FindEntriesInPage(pages, page, from, journal, expected);
            }
        }
    }

    private void FindEntriesInPage(PageReader pages, long page, int from, JournalId journal, SequenceNumber expected)
    {
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(magic, EntryCodec.Magic);
        var bytes = pages.Page;
        while (from < bytes.Length)
        {
            var found = bytes[from..].IndexOf(magic);
            if (found < 0)
            {
                return;
            }

            var at = from + found;
            from = at + sizeof(uint);
            if (at % 4 == 0 && EntryCodec.TryRead(bytes[at..], out var header, out var payload, out _) && header.Journal == journal)
            {
                from = at + EntryCodec.EncodedLength(payload.Length);
                Note(header, pages.Locate((page * SegmentLayout.PageBytes) + at - SegmentLayout.FrameHeaderBytes), expected);
            }
        }
    }

    private void Note(in EntryHeader header, (string File, long Offset) place, SequenceNumber expected)
    {
        if (header.CommitSequence > CommittedProof)
        {
            CommittedProof = header.CommitSequence;
        }

        if (header.Sequence >= expected)
        {
            NextGood ??= new EntryLocation(header.Sequence, place.File, place.Offset);
        }
    }
}
