using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// A position that is known to be committed and durable here. Written without a sync after each flush: it survives a
/// kill, and after a power cut it may be older, never ahead.
/// </summary>
public readonly record struct Watermark(Epoch Epoch, SequenceNumber Committed)
{
    internal const uint SlotKind = 0x4B524D57; // "WMRK"
    internal const int SlotBytes = 16;

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Committed.Value);
    }

    internal static Watermark Read(ReadOnlySpan<byte> bytes) => new(
        new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..])));
}
