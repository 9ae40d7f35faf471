using ControlPlane.Primitives.Entries;
using CsCheck;

namespace ControlPlane.Primitives.Tests.Entries;

public sealed class EntryCodecTests
{
    private static readonly EntryHeader Header = new()
    {
        Type = EntryType.User,
        Flags = EntryFlags.EndOfAppend,
        Journal = new JournalId(new UInt128(0x0102030405060708, 0x090A0B0C0D0E0F10)),
        Epoch = new Epoch(0x1112131415161718),
        Sequence = new SequenceNumber(0x2122232425262728),
        PreviousHash = new ChainHash(new UInt128(0x3132333435363738, 0x393A3B3C3D3E3F40)),
        CommitSequence = new SequenceNumber(0x4142434445464748),
        Time = new JournalTime(0x5152535455565758),
        Writer = new ReplicaId(new UInt128(0x6162636465666768, 0x696A6B6C6D6E6F70)),
        Client = new ClientId(new UInt128(0x7172737475767778, 0x797A7B7C7D7E7F80)),
        ClientSequence = new ClientSequence(0x8182838485868788),
        ProducerVersion = 0x91929394,
    };

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        var bytes = Encode([0xEE, 0xFF]);
        var expected = Convert.FromHexString(
            "43504A31" + "0100" + "01" + "01"
            + "100F0E0D0C0B0A090807060504030201"
            + "1817161514131211"
            + "2827262524232221"
            + "403F3E3D3C3B3A393837363534333231"
            + "4847464544434241"
            + "5857565554535251"
            + "706F6E6D6C6B6A696867666564636261"
            + "807F7E7D7C7B7A797877767574737271"
            + "8887868584838281"
            + "94939291" + "02000000" + "00000000");
        Assert.Equal(expected, bytes[..124]);
        Assert.Equal([0xEE, 0xFF], bytes[128..]);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var bytes = Encode([1, 2, 3]);
        Assert.True(EntryCodec.TryRead(bytes, out var header, out var payload, out var damage));
        Assert.Equal(Header, header);
        Assert.Equal<byte>([1, 2, 3], payload.ToArray());
        Assert.Equal(EntryDamage.None, damage);
    }

    [Fact]
    public void Every_flipped_bit_is_seen()
    {
        var bytes = Encode([0, 1, 2, 3, 4, 5, 6, 7]);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EntryCodec.TryRead(bytes, out _, out _, out _), $"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Every_cut_is_seen()
    {
        var bytes = Encode([0, 1, 2, 3]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(EntryCodec.TryRead(bytes.AsSpan(0, length), out _, out _, out var damage));
            Assert.Equal(length < EntryCodec.HeaderBytes ? EntryDamage.TooShort : EntryDamage.BadLength, damage);
        }
    }

    [Fact]
    public void Swapped_words_are_seen() =>
        Gen.Select(Gen.Byte.Array[64], Gen.Int[16, 23], Gen.Int[16, 23]).Sample((payload, one, other) =>
        {
            var bytes = Encode(payload);
            var swapped = (byte[])bytes.Clone();
            bytes.AsSpan(one * 8, 8).CopyTo(swapped.AsSpan(other * 8));
            bytes.AsSpan(other * 8, 8).CopyTo(swapped.AsSpan(one * 8));
            Assert.Equal(bytes.AsSpan().SequenceEqual(swapped), EntryCodec.TryRead(swapped, out _, out _, out _));
        });

    [Fact]
    public void A_newer_format_is_told_apart_from_damage()
    {
        var bytes = Encode([1]);
        bytes[4] = 2;
        Assert.False(EntryCodec.TryRead(bytes, out _, out _, out var damage));
        Assert.Equal(EntryDamage.UnknownVersion, damage);
    }

    [Fact]
    public void Zeros_are_no_entry()
    {
        Assert.False(EntryCodec.TryRead(new byte[4096], out _, out _, out var damage));
        Assert.Equal(EntryDamage.BadMagic, damage);
    }

    [Fact]
    public void A_payload_beyond_the_limit_is_never_written() =>
        Assert.Throws<InvariantViolationException>(() => Encode(new byte[EntryLimits.PayloadBytesMax + 1]));

    [Fact]
    public void Crc32C_gives_the_published_check_value() =>
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    private static byte[] Encode(byte[] payload)
    {
        var bytes = new byte[EntryCodec.EncodedLength(payload.Length)];
        EntryCodec.Write(Header, payload, bytes);
        return bytes;
    }
}
