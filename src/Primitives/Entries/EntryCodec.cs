using System.Buffers.Binary;

namespace ControlPlane.Primitives.Entries;

/// <summary>
/// An entry's bytes: a fixed header of 128 bytes, little-endian, then the payload.
/// <code>
///   0  u32  magic "CPJ1"            56  u64  commit sequence
///   4  u16  format version (1)      64  i64  journal time, ns since the Unix epoch
///   6  u8   type                    72  u128 writer (replica id)
///   7  u8   flags                   88  u128 client id
///   8  u128 journal id             104  u64  client sequence
///  24  u64  epoch                  112  u32  producer version
///  32  u64  sequence               116  u32  payload length in bytes
///  40  u128 previous entry's hash  120  u32  reserved, zero
///                                  124  u32  CRC32C over bytes 0..124 and the payload
/// </code>
/// Guarantee: <see cref="TryRead"/> accepts exactly what <see cref="Write"/> produced; any change of up to 32 successive
/// bits, and any other with a probability of 1 - 2^-32, is reported. The chain (<see cref="ChainHash"/>) covers the rest.
/// </summary>
public static class EntryCodec
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderBytes = 128;

    /// <summary>"CPJ1" read as a little-endian number.</summary>
    public const uint Magic = 0x314A5043;

    /// <summary>The format that this program writes, and the newest that it reads.</summary>
    public const ushort FormatVersion = 1;

    /// <summary>Where the payload's length lies in the header.</summary>
    public const int PayloadLengthOffset = 116;

    private const int ChecksumOffset = 124;

    /// <summary>Bytes of an entry with a payload of <paramref name="payloadBytes"/>.</summary>
    public static int EncodedLength(int payloadBytes) => HeaderBytes + payloadBytes;

    /// <summary>Writes header and payload to the start of <paramref name="destination"/> and returns the entry's hash.</summary>
    public static ChainHash Write(in EntryHeader header, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        Invariant.Check(payload.Length <= EntryLimits.PayloadBytesMax, "payloads are validated before they are encoded");
        var entry = destination[..EncodedLength(payload.Length)];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[4..], FormatVersion);
        entry[6] = (byte)header.Type;
        entry[7] = (byte)header.Flags;
        BinaryPrimitives.WriteUInt128LittleEndian(entry[8..], header.Journal.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[24..], header.Epoch.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[32..], header.Sequence.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[40..], header.PreviousHash.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[56..], header.CommitSequence.Value);
        BinaryPrimitives.WriteInt64LittleEndian(entry[64..], header.Time.Nanoseconds);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[72..], header.Writer.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[88..], header.Client.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[104..], header.ClientSequence.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[112..], header.ProducerVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[PayloadLengthOffset..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[120..], 0);
        payload.CopyTo(entry[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[ChecksumOffset..], Checksum(entry));
        return ChainHash.Of(entry);
    }

    /// <summary>
    /// Reads the entry at the start of <paramref name="source"/>. On false, <paramref name="damage"/> says why and the
    /// other results are unspecified, except that a header is given as far as it could be decoded when the damage is
    /// <see cref="EntryDamage.BadChecksum"/> or <see cref="EntryDamage.BadLength"/> (for reports only: do not trust it).
    /// </summary>
    /// <param name="source">At least the whole entry; may be longer.</param>
    /// <param name="header">The header.</param>
    /// <param name="payload">A slice of <paramref name="source"/>.</param>
    /// <param name="damage">Why not.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> source, out EntryHeader header, out ReadOnlySpan<byte> payload, out EntryDamage damage)
    {
        header = default;
        payload = default;
        damage = Inspect(source, ref header, ref payload);
        return damage == EntryDamage.None;
    }

    private static EntryDamage Inspect(ReadOnlySpan<byte> source, ref EntryHeader header, ref ReadOnlySpan<byte> payload)
    {
        if (source.Length < HeaderBytes)
        {
            return EntryDamage.TooShort;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic)
        {
            return EntryDamage.BadMagic;
        }

        header = Decode(source);
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source[4..]);
        var payloadLength = BinaryPrimitives.ReadUInt32LittleEndian(source[PayloadLengthOffset..]);
        if (payloadLength > EntryLimits.PayloadBytesMax || payloadLength > source.Length - HeaderBytes)
        {
            return version > FormatVersion ? EntryDamage.UnknownVersion : EntryDamage.BadLength;
        }

        var entry = source[..EncodedLength((int)payloadLength)];
        var isSound = BinaryPrimitives.ReadUInt32LittleEndian(entry[ChecksumOffset..]) == Checksum(entry);
#if MUTANTS
        isSound |= Mutant.Is("no-checksum-on-recovery");
#endif
        if (!isSound)
        {
            // A newer format may place its checksum elsewhere: only then does the version come first.
            return version > FormatVersion ? EntryDamage.UnknownVersion : EntryDamage.BadChecksum;
        }

        if (version != FormatVersion)
        {
            return version > FormatVersion ? EntryDamage.UnknownVersion : EntryDamage.BadField;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(entry[120..]) != 0 || !Enum.IsDefined(header.Type) || header.Type == EntryType.None)
        {
            return EntryDamage.BadField;
        }

        payload = entry[HeaderBytes..];
        return EntryDamage.None;
    }

    private static EntryHeader Decode(ReadOnlySpan<byte> entry) => new()
    {
        Type = (EntryType)entry[6],
        Flags = (EntryFlags)entry[7],
        Journal = new JournalId(BinaryPrimitives.ReadUInt128LittleEndian(entry[8..])),
        Epoch = new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(entry[24..])),
        Sequence = new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(entry[32..])),
        PreviousHash = new ChainHash(BinaryPrimitives.ReadUInt128LittleEndian(entry[40..])),
        CommitSequence = new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(entry[56..])),
        Time = new JournalTime(BinaryPrimitives.ReadInt64LittleEndian(entry[64..])),
        Writer = new ReplicaId(BinaryPrimitives.ReadUInt128LittleEndian(entry[72..])),
        Client = new ClientId(BinaryPrimitives.ReadUInt128LittleEndian(entry[88..])),
        ClientSequence = new ClientSequence(BinaryPrimitives.ReadUInt64LittleEndian(entry[104..])),
        ProducerVersion = BinaryPrimitives.ReadUInt32LittleEndian(entry[112..]),
    };

    private static uint Checksum(ReadOnlySpan<byte> entry)
    {
        var crc = Crc32C.Append(Crc32C.Initial, entry[..ChecksumOffset]);
        return Crc32C.Finish(Crc32C.Append(crc, entry[HeaderBytes..]));
    }
}
