using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Peers;
using CsCheck;

namespace ControlPlane.Runtime.Tests.Peers;

public sealed class PeerGreetingCodecTests
{
    private static readonly NodeGreeting Greeting = new(
        new ClusterId(new UInt128(0x0102030405060708, 0x090A0B0C0D0E0F10)), "n1", "h:1", [new GreetedReplica(new JournalId(2), new ReplicaId(3), IsFresh: true)]);

    [Fact]
    public void The_bytes_are_those_of_the_format() => Assert.Equal(
        "44000000" + "43505047" + "0100" + "0100" + "100F0E0D0C0B0A090807060504030201" + "02006E31" + "0300683A31" + "0100"
        + "02000000000000000000000000000000" + "03000000000000000000000000000000" + "01",
        Convert.ToHexString(PeerGreetingCodec.EncodeFrame(Greeting)));

    [Fact]
    public void What_was_encoded_is_decoded()
    {
        var decoded = PeerGreetingCodec.Decode(Body(), PeerVersions.Own, out var error);
        Assert.Equal("", error);
        Assert.Equal(Greeting with { Replicas = [] }, decoded! with { Replicas = [] });
        Assert.Equal(Greeting.Replicas, decoded.Replicas);
    }

    [Fact]
    public void Every_cut_is_seen_and_so_is_every_byte_too_many()
    {
        var body = Body();
        for (var length = 0; length < body.Length; length++)
        {
            Assert.Null(PeerGreetingCodec.Decode(body[..length], PeerVersions.Own, out var error));
            Assert.NotEqual("", error);
        }

        Assert.Null(PeerGreetingCodec.Decode([.. body, 0], PeerVersions.Own, out _));
    }

    [Fact]
    public void Garbage_is_never_an_exception()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => PeerGreetingCodec.Decode(bytes, PeerVersions.Own, out _), iter: 3_000);
        Gen.Select(Gen.Int[6, Body().Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                var body = Body();
                foreach (var (at, value) in changes)
                {
                    body[at] = value;
                }

                PeerGreetingCodec.Decode(body, PeerVersions.Own, out _);
            },
            iter: 3_000);
    }

    [Fact]
    public void Versions_without_a_common_one_are_told_apart_from_garbage()
    {
        var body = PeerGreetingCodec.EncodeFrame(Greeting with { Speaks = new PeerVersions(3, 4) })[4..];
        Assert.Null(PeerGreetingCodec.Decode(body, new PeerVersions(1, 2), out var error));
        Assert.Contains("speaks version 3 to 4 of the peer protocol, this one 1 to 2", error, StringComparison.Ordinal);
        body[0] = 0;
        Assert.Null(PeerGreetingCodec.Decode(body, new PeerVersions(1, 2), out error));
        Assert.Equal(PeerReasons.NoPeer, error);
    }

    [Fact]
    public void What_a_later_version_says_besides_is_passed_over()
    {
        byte[] body = [.. PeerGreetingCodec.EncodeFrame(Greeting with { Speaks = new PeerVersions(1, 2) })[4..], 1, 2, 3];

        Assert.Equal("n1", PeerGreetingCodec.Decode(body, new PeerVersions(1, 1), out _)!.Node);
        Assert.Null(PeerGreetingCodec.Decode(body, new PeerVersions(1, 2), out _));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(1, 2, 1, 1, 1)]
    [InlineData(1, 3, 2, 5, 3)]
    [InlineData(2, 2, 1, 1, null)]
    [InlineData(1, 2, 3, 4, null)]
    public void The_highest_version_that_both_speak_is_used(int lowest, int highest, int theirLowest, int theirHighest, int? common)
    {
        var (ours, theirs) = (new PeerVersions((ushort)lowest, (ushort)highest), new PeerVersions((ushort)theirLowest, (ushort)theirHighest));

        Assert.Equal((ushort?)common, ours.CommonWith(theirs));
        Assert.Equal((ushort?)common, theirs.CommonWith(ours));
    }

    [Fact]
    public void The_largest_greeting_is_within_the_limit()
    {
        var text = new string('x', PeerGreetingCodec.TextBytesMax);
        var frame = PeerGreetingCodec.EncodeFrame(new NodeGreeting(default, text, text, [.. Enumerable.Repeat(Greeting.Replicas[0], PeerGreetingCodec.ReplicasMax)]));
        Assert.Equal(PeerGreetingCodec.BodyBytesMax + 4, frame.Length);
        Assert.NotNull(PeerGreetingCodec.Decode(frame[4..], PeerVersions.Own, out _));
    }

    private static byte[] Body() => PeerGreetingCodec.EncodeFrame(Greeting)[4..];
}
