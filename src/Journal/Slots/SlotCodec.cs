using System.Buffers.Binary;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Slots;

/// <summary>
/// Bytes of one slot, little-endian: 0 u32 magic "CPS2", 4 u32 kind, 8 u64 generation, 16 u32 value length,
/// 20 u32 CRC32C over the owner's 16 bytes (which are not stored), bytes 0..20 and the value, 24 the value, then zeros.
/// The slots of two replicas on one disk look alike but for the owner: a write that lands in the file of the other is no slot there.
/// A slot without an owner, and those that older programs wrote, have the magic "CPS1" and a checksum without one; they are read as well.
/// </summary>
internal static class SlotCodec
{
    public const int HeaderBytes = 24;
    private const uint UnownedMagic = 0x31535043;
    private const uint OwnedMagic = 0x32535043;

    public static byte[] Write(uint kind, UInt128 owner, ulong generation, ReadOnlySpan<byte> value)
    {
        var slot = new byte[HeaderBytes + value.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(slot, owner == default ? UnownedMagic : OwnedMagic);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(4), kind);
        BinaryPrimitives.WriteUInt64LittleEndian(slot.AsSpan(8), generation);
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(16), (uint)value.Length);
        value.CopyTo(slot.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(slot.AsSpan(20), Checksum(slot, owner));
        return slot;
    }

    public static bool TryRead(ReadOnlySpan<byte> slot, uint kind, UInt128 owner, out ulong generation, out byte[] value)
    {
        generation = 0;
        value = [];
        if (slot.Length < HeaderBytes || OwnerBy(slot, owner) is not { } boundTo
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
        var isSound = BinaryPrimitives.ReadUInt32LittleEndian(slot[20..]) == Checksum(used, boundTo);
#if MUTANTS
        isSound |= Primitives.Mutant.Is("metadata-unprotected");
#endif
        if (!isSound)
        {
            return false;
        }

        generation = BinaryPrimitives.ReadUInt64LittleEndian(slot[8..]);
        value = used[HeaderBytes..].ToArray();
        return true;
    }

    private static UInt128? OwnerBy(ReadOnlySpan<byte> slot, UInt128 owner) => BinaryPrimitives.ReadUInt32LittleEndian(slot) switch
    {
        UnownedMagic => default(UInt128),
        OwnedMagic when owner != default => owner,
        _ => null,
    };

    private static uint Checksum(ReadOnlySpan<byte> slot, UInt128 owner)
    {
        var crc = Crc32C.Initial;
        if (owner != default)
        {
            Span<byte> bytes = stackalloc byte[16];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, owner);
            crc = Crc32C.Append(crc, bytes);
        }

        crc = Crc32C.Append(crc, slot[..20]);
        return Crc32C.Finish(Crc32C.Append(crc, slot[HeaderBytes..]));
    }
}
