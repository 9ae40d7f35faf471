using System.Buffers.Binary;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Slots;

/// <summary>
/// Bytes of one slot, little-endian: 0 u32 magic "CPS1", 4 u32 kind, 8 u64 generation, 16 u32 value length,
/// 20 u32 CRC32C over bytes 0..20 and the value, 24 the value, then zeros.
/// </summary>
internal static class SlotCodec
{
    public const int HeaderBytes = 24;
    private const uint Magic = 0x31535043;

    public static byte[] Write(uint kind, ulong generation, ReadOnlySpan<byte> value)
    {
        var slot = new byte[HeaderBytes + value.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(slot, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(4), kind);
        BinaryPrimitives.WriteUInt64LittleEndian(slot.AsSpan(8), generation);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(16), (uint)value.Length);
        value.CopyTo(slot.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(20), Checksum(slot));
        return slot;
    }

    public static bool TryRead(ReadOnlySpan<byte> slot, uint kind, out ulong generation, out byte[] value)
    {
        generation = 0;
        value = [];
        if (slot.Length < HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(slot) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[4..]) != kind)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(slot[16..]);
        if (length > slot.Length - HeaderBytes)
        {
            return false;
        }

        var used = slot[..(HeaderBytes + (int)length)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(slot[20..]) != Checksum(used))
        {
            return false;
        }

        generation = BinaryPrimitives.ReadUInt64LittleEndian(slot[8..]);
        value = used[HeaderBytes..].ToArray();
        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> slot)
    {
        var crc = Crc32C.Append(Crc32C.Initial, slot[..20]);
        return Crc32C.Finish(Crc32C.Append(crc, slot[HeaderBytes..]));
    }
}
