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
/// <param name="Acknowledged">The position; the one before the segment's start if nothing of it was acknowledged.</param>
public readonly record struct Watermark(SegmentName Segment, SequenceNumber Acknowledged)
{
    internal const uint SlotKind = 0x4B524D57; // "WMRK"
    internal const int SlotBytes = 24;

    /// <summary>The reign of the segment; zero in a replica that has never begun one.</summary>
    public Epoch Epoch => Segment.Epoch;

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Segment.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Segment.Start.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Acknowledged.Value);
    }

    internal static Watermark? Read(ReadOnlySpan<byte> bytes) => bytes.Length != SlotBytes
        ? null
        : new Watermark(
            new SegmentName(
                new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
                new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]))),
            new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..])));
}
