using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Snapshots;

/// <summary>
/// The first 128 bytes of a snapshot file, little-endian: 0 u32 magic "CPN1", 4 u32 format version (1), 8 u128 journal,
/// 24 u64 applied sequence, 32 u128 chain hash there, 48 u64 epoch there, 56 i64 journal time there, 64 u128 state hash,
/// 80 u64 payload bytes, 88 u32 CRC32C of the payload, 92 zeros, 124 u32 CRC32C over bytes 0..124.
/// </summary>
/// <param name="Journal">The journal.</param>
/// <param name="Applied">The last entry whose effect is in the state; ends an append.</param>
/// <param name="StateHash">Hash of the state, as the state machine computes it.</param>
public readonly record struct SnapshotHeader(JournalId Journal, JournalEnd Applied, UInt128 StateHash)
{
    internal const int ByteCount = 128;
    internal const uint FormatVersion = 1;
    private const uint Magic = 0x314E5043;
    private const int ChecksumOffset = 124;

    internal byte[] ToBytes(long payloadBytes, uint payloadChecksum)
    {
        var bytes = new byte[ByteCount];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], FormatVersion);
        BinaryPrimitives.WriteUInt128LittleEndian(span[8..], Journal.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], Applied.Last.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(span[32..], Applied.LastHash.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(span[48..], Applied.LastEpoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(span[56..], Applied.LastTime.Nanoseconds);
        BinaryPrimitives.WriteUInt128LittleEndian(span[64..], StateHash);
        BinaryPrimitives.WriteInt64LittleEndian(span[80..], payloadBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(span[88..], payloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(span[ChecksumOffset..], Crc32C.Compute(span[..ChecksumOffset]));
        return bytes;
    }

    /// <summary>True if the bytes begin with a whole header of a format that this program does not know yet.</summary>
    internal static bool IsNewerFormat(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= ByteCount
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Magic
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) == Crc32C.Compute(bytes[..ChecksumOffset])
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) > FormatVersion;

    /// <summary>Why the bytes are not a header, or null.</summary>
    internal static string? TryRead(ReadOnlySpan<byte> bytes, out SnapshotHeader header, out long payloadBytes, out uint payloadChecksum)
    {
        header = default;
        payloadBytes = 0;
        payloadChecksum = 0;
        if (bytes.Length < ByteCount)
        {
            return $"the file ends at byte {bytes.Length}, inside the header";
        }

        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]);
        var computed = Crc32C.Compute(bytes[..ChecksumOffset]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || stored != computed)
        {
            return $"header checksum at byte {ChecksumOffset} stored {stored:x8}, computed {computed:x8}";
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (version != FormatVersion)
        {
            return $"format version at byte 4 is {version}, this program knows {FormatVersion}";
        }

        header = new SnapshotHeader(
            new JournalId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[8..])),
            new JournalEnd(
                new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..])),
                new ChainHash(BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..])),
                new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..])),
                new JournalTime(BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]))),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[64..]));
        payloadBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[80..]);
        payloadChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[88..]);
        return null;
    }
}
