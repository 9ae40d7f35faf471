using System.Buffers.Binary;
using System.IO.Hashing;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Replica;

/// <summary>Whose directory it is. Written once, when the replica is created.</summary>
public readonly record struct ReplicaIdentity(ClusterId Cluster, JournalId Journal, ReplicaId Replica)
{
    /// <summary>What the checksums of the replica's slots are bound to.</summary>
    public UInt128 SlotOwner
    {
        get
        {
            Span<byte> bytes = stackalloc byte[48];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, Cluster.Value);
            BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], Journal.Value);
            BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], Replica.Value);
            return XxHash128.HashToUInt128(bytes);
        }
    }

    /// <summary>Cluster, journal and replica.</summary>
    public override string ToString() => $"cluster {Cluster}, journal {Journal}, replica {Replica}";
}

/// <summary>
/// Bytes of the identity file, little-endian: 0 u32 magic "CPI1", 4 u32 format version (2; 1 was written before replicas had acceptors),
/// 8 u128 cluster, 24 u128 journal, 40 u128 replica, 56 u64 bytes of a device file, 64 u32 CRC32C over bytes 0..64.
/// </summary>
internal readonly record struct IdentityFile(ReplicaIdentity Identity, long DeviceFileBytes, bool HasAcceptor)
{
    public const int ByteCount = 68;
    public const uint FormatVersion = 2;
    private const uint VersionWithoutAcceptor = 1;
    private const uint Magic = 0x31495043;

    public byte[] ToBytes()
    {
        var bytes = new byte[ByteCount];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), HasAcceptor ? FormatVersion : VersionWithoutAcceptor);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(8), Identity.Cluster.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(24), Identity.Journal.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(40), Identity.Replica.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), DeviceFileBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(64), Crc32C.Compute(bytes.AsSpan(0, 64)));
        return bytes;
    }

    /// <summary>Why the bytes are not an identity, or null.</summary>
    public static string? TryRead(ReadOnlySpan<byte> bytes, out IdentityFile file)
    {
        file = default;
        if (bytes.Length != ByteCount)
        {
            return $"it has {bytes.Length} bytes instead of {ByteCount}";
        }

        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[64..]);
        var computed = Crc32C.Compute(bytes[..64]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || stored != computed)
        {
            return $"checksum at byte 64 stored {stored:x8}, computed {computed:x8}";
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        if (version is not (FormatVersion or VersionWithoutAcceptor))
        {
            return $"format version at byte 4 is {version}, this program knows {VersionWithoutAcceptor} and {FormatVersion}";
        }

        file = new IdentityFile(
            new ReplicaIdentity(
                new ClusterId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[8..])),
                new JournalId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[24..])),
                new ReplicaId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[40..]))),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            HasAcceptor: version == FormatVersion);
        return null;
    }
}
