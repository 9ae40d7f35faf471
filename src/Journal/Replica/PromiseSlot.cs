using System.Buffers.Binary;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Slots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>Bytes of a promise in its slot, little-endian: 0 u32 format version (2), 4 u32 flags (1 sealed, 2 not whole), 8 u64 epoch.</summary>
internal static class PromiseSlot
{
    public const uint SlotKind = 0x4D4F5250; // "PROM"
    public const int SlotBytesMax = 64;
    private const int ByteCount = 16;
    private const uint FormatVersion = 2;
    private const uint Sealed = 1;
    private const uint NotWhole = 2;

    public static byte[] ToBytes(ReplicaPromise promise)
    {
        var bytes = new byte[ByteCount];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, FormatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), (promise.IsSealed ? Sealed : 0) | (promise.IsWhole ? 0 : NotWhole));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), promise.Epoch.Value);
        return bytes;
    }

    /// <summary>The promise in a pair of slots; null if neither is whole.</summary>
    /// <exception cref="JournalRefusedException">It is of a newer format.</exception>
    public static ReplicaPromise? In(SlotReading reading, string path)
    {
        if (reading.Value is not { Length: >= sizeof(uint) } bytes)
        {
            return null;
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (version > FormatVersion)
        {
            throw new JournalRefusedException(
                RefusalReason.NewerFormat, $"{path}.a and {path}.b: format version at byte {SlotCodec.HeaderBytes} is {version}, this program knows {FormatVersion}");
        }

        if (version != FormatVersion || bytes.Length != ByteCount)
        {
            return null;
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4));
        return new ReplicaPromise(
            new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8))),
            IsSealed: (flags & Sealed) != 0,
            IsWhole: (flags & NotWhole) == 0);
    }
}
