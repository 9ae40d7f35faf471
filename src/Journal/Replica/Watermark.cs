using System.Buffers.Binary;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// What this replica has said that it holds: a durable position, acknowledged to itself or to a writer, and the segment that it was
/// writing then. Noted without a sync after each flush: that survives a kill, and after a power cut it may be older, never ahead.
/// </summary>
/// <remarks>
/// The segment is written durably <em>before</em> its directory exists, and so it is the one atomic step of a clip: from then on nothing at or
/// behind its start counts that other segments hold, and what was acknowledged of them there was told not to count.
/// </remarks>
/// <param name="Segment">The newest segment begun; its directory may not exist yet.</param>
/// <param name="Acknowledged">The position; before the segment's start if nothing of it was acknowledged.</param>
public readonly record struct Watermark(SegmentName Segment, SequenceNumber Acknowledged)
{
    /// <summary>No journal is so long: the bit is free.</summary>
    private const ulong ReplacesBit = 1UL << 63;

    internal const uint SlotKind = 0x4B524D57; // "WMRK"
    internal const int SlotBytesMax = SlotBytesWithoutHash + 16;
    private const int SlotBytesWithoutHash = 24;

    /// <summary>The reign of the segment; zero in a replica that has never begun one.</summary>
    public Epoch Epoch => Segment.Epoch;

    /// <summary>True while a directory of the segment's very name is an older one, which does not count and has yet to go.</summary>
    public bool Replaces { get; init; }

    /// <summary>
    /// Hash of the entry before the segment's start; null if an older program noted it. Where nothing was written to the segment yet, nothing
    /// else says which of two histories the older segments must have there.
    /// </summary>
    public ChainHash? BeforeStart { get; init; }

    /// <summary>Returns how many bytes it took.</summary>
    internal int Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Segment.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Segment.Start.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Acknowledged.Value | (Replaces ? ReplacesBit : 0));
        if (BeforeStart is not { } hash)
        {
            return SlotBytesWithoutHash;
        }

        BinaryPrimitives.WriteUInt128LittleEndian(bytes[SlotBytesWithoutHash..], hash.Value);
        return SlotBytesMax;
    }

    internal static Watermark? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is not (SlotBytesWithoutHash or SlotBytesMax))
        {
            return null;
        }

        var acknowledged = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        var segment = new SegmentName(
            new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
            new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])));
        return new Watermark(segment, new SequenceNumber(acknowledged & ~ReplacesBit))
        {
            Replaces = (acknowledged & ReplacesBit) != 0,
            BeforeStart = bytes.Length == SlotBytesMax ? new ChainHash(BinaryPrimitives.ReadUInt128LittleEndian(bytes[SlotBytesWithoutHash..])) : null,
        };
    }
}
