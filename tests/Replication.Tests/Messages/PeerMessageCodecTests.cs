using System.Buffers;
using System.Runtime.InteropServices;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using CsCheck;

namespace ControlPlane.Replication.Tests.Messages;

public sealed class PeerMessageCodecTests
{
    private static readonly JournalId Journal = new(new UInt128(0x2122232425262728, 0x292A2B2C2D2E2F30));
    private static readonly ReplicaId Sender = new(new UInt128(0x3132333435363738, 0x393A3B3C3D3E3F40));

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        foreach (var (message, kind, fields) in PeerMessageSamples.Golden)
        {
            var expected = kind + "302F2E2D2C2B2A292827262524232221" + "403F3E3D3C3B3A393837363534333231" + fields;
            Assert.Equal(expected, Convert.ToHexString(Encode(new PeerEnvelope(Journal, Sender, message))));
        }
    }

    [Fact]
    public void Every_message_has_golden_bytes()
    {
        var kinds = typeof(PeerMessage).Assembly.GetTypes().Where(t => t.BaseType == typeof(PeerMessage)).Select(t => t.Name).Order();
        Assert.Equal(kinds, PeerMessageSamples.Golden.Select(g => g.Message.GetType().Name).Order());
    }

    [Fact]
    public void What_was_encoded_is_decoded() => PeerMessageSamples.AnyEnvelope.Sample(
        envelope =>
        {
            var bytes = Encode(envelope);
            Assert.True(PeerMessageCodec.TryDecode(bytes, out var decoded, out var error), error);
            Assert.Equal("", error);
            Assert.Equal(PeerMessageSamples.Describe(envelope), PeerMessageSamples.Describe(decoded));
            Assert.Equal(bytes, Encode(decoded));
        },
        iter: 3_000);

    [Fact]
    public void Each_kind_is_decoded()
    {
        foreach (var (message, _, _) in PeerMessageSamples.Golden)
        {
            var envelope = new PeerEnvelope(Journal, Sender, message);
            Assert.True(PeerMessageCodec.TryDecode(Encode(envelope), out var decoded, out var error), error);
            Assert.Equal(PeerMessageSamples.Describe(envelope), PeerMessageSamples.Describe(decoded));
        }
    }

    [Fact]
    public void Every_cut_is_seen_and_so_is_every_byte_too_many()
    {
        foreach (var (message, _, _) in PeerMessageSamples.Golden)
        {
            var bytes = Encode(new PeerEnvelope(Journal, Sender, message));
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.False(PeerMessageCodec.TryDecode(bytes.AsMemory(0, length), out _, out var error));
                Assert.NotEqual("", error);
            }

            Assert.False(PeerMessageCodec.TryDecode((byte[])[.. bytes, 0], out _, out var tooMany));
            Assert.Contains("1 bytes too many", tooMany, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Garbage_is_an_error_or_a_message_but_never_an_exception() => Gen.Byte.Array[0, 300].Sample(
        bytes =>
        {
            if (PeerMessageCodec.TryDecode(bytes, out var decoded, out var error))
            {
                Assert.Equal(bytes, Encode(decoded));
            }
            else
            {
                Assert.NotEqual("", error);
            }
        },
        iter: 20_000);

    [Fact]
    public void A_message_with_garbled_bytes_is_an_error_or_another_message_but_never_an_exception() =>
        Gen.Select(PeerMessageSamples.AnyEnvelope, Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4]).Sample(
            (envelope, changes) =>
            {
                var bytes = Encode(envelope);
                foreach (var (at, value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                Assert.True(!PeerMessageCodec.TryDecode(bytes, out var decoded, out _) || bytes.AsSpan().SequenceEqual(Encode(decoded)));
            },
            iter: 10_000);

    [Fact]
    public void A_count_that_the_message_cannot_hold_allocates_nothing()
    {
        var bytes = Encode(new PeerEnvelope(Journal, Sender, new Found([])));
        bytes[^4] = PeerLimits.ReplicasMax;
        Assert.False(PeerMessageCodec.TryDecode(bytes, out _, out var error));
        Assert.Equal("Found message: cut off in acceptors", error);
        bytes[^1] = 0xFF;
        Assert.False(PeerMessageCodec.TryDecode(bytes, out _, out error));
        Assert.StartsWith("Found message: acceptors count", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_kind_flag_or_reason_is_named()
    {
        var bytes = Encode(new PeerEnvelope(Journal, Sender, new Refused(default, false, PeerRefusal.Parted, default)));
        Assert.Equal("message kind 99 is unknown", ErrorOf(bytes, at: 0, 99));
        Assert.Equal("Refused message: is sealed is 2, neither 0 nor 1", ErrorOf(bytes, at: 41, 2));
        Assert.Equal("Refused message: reason 10 is unknown", ErrorOf(bytes, at: 42, 10));
        Assert.Equal("Refused message: reason 0 is unknown", ErrorOf(bytes, at: 42, 0));
    }

    [Fact]
    public void Entries_are_a_slice_of_what_arrived()
    {
        var bytes = Encode(new PeerEnvelope(Journal, Sender, new Fetched(default, new byte[] { 1, 2, 3 })));
        Assert.True(PeerMessageCodec.TryDecode(bytes, out var decoded, out _));
        Assert.True(MemoryMarshal.TryGetArray(((Fetched)decoded.Message).Entries, out var segment));
        Assert.Same(bytes, segment.Array);
    }

    [Fact]
    public void The_largest_messages_are_within_the_limit()
    {
        var entries = new Append(default, default, 0, default, new byte[PeerLimits.BytesMax]);
        var reigns = new Join(default, default, default, new ClosedReign[PeerLimits.ClosedReignsMax], true);
        var register = new Prepared(default, default, new RegisterState(new ReplicaId[PeerLimits.ReplicasMax], 0, new byte[PeerLimits.RegisterValueBytesMax]));
        foreach (var message in (PeerMessage[])[entries, reigns, register])
        {
            var bytes = Encode(new PeerEnvelope(Journal, Sender, message));
            Assert.InRange(bytes.Length, 1, PeerLimits.MessageBytesMax);
            Assert.True(PeerMessageCodec.TryDecode(bytes, out _, out var error), error);
        }
    }

    [Fact]
    public void What_exceeds_a_limit_is_never_written()
    {
        Assert.Throws<InvariantViolationException>(() => Encode(new PeerEnvelope(Journal, Sender, new Fetched(default, new byte[PeerLimits.BytesMax + 1]))));
        Assert.Throws<InvariantViolationException>(() => Encode(new PeerEnvelope(Journal, Sender, new Found(new ReplicaId[PeerLimits.ReplicasMax + 1]))));
    }

    private static string ErrorOf(byte[] bytes, int at, byte value)
    {
        var changed = (byte[])bytes.Clone();
        changed[at] = value;
        Assert.False(PeerMessageCodec.TryDecode(changed, out _, out var error));
        return error;
    }

    private static byte[] Encode(PeerEnvelope envelope)
    {
        var writer = new ArrayBufferWriter<byte>();
        PeerMessageCodec.Encode(envelope, writer);
        Assert.Equal(PeerMessageCodec.ByteCount(envelope), writer.WrittenCount);
        return writer.WrittenSpan.ToArray();
    }
}
