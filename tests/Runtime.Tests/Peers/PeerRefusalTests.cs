using System.Buffers;
using System.Text;
using ControlPlane.Runtime.Peers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>Whom a node does not talk to, and what it says about it.</summary>
public sealed class PeerRefusalTests
{
    private readonly PipePair _pipes = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingHandler _one = new("one");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_of_two_clusters_part()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        var two = RunAsync(_pipes.Far, new RecordingHandler("two", cluster: 2), null);
        Assert.Contains("belongs to cluster 00000000000000000000000000000002", (await one).Reason, StringComparison.Ordinal);
        Assert.Null((await two).Peer);
    }

    [Fact]
    public async Task A_node_does_not_talk_to_itself()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        var other = RunAsync(_pipes.Far, new RecordingHandler("one"), null);
        Assert.Equal(PeerReasons.OwnName, (await one).Reason);
        await other;
    }

    [Fact]
    public async Task A_node_of_another_name_than_the_one_that_was_dialled_is_not_taken_for_it()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        var other = RunAsync(_pipes.Far, new RecordingHandler("three"), null);
        Assert.StartsWith("the node at this address is 'three', not 'two'", (await one).Reason, StringComparison.Ordinal);
        await other;
    }

    [Fact]
    public async Task Nodes_without_a_common_version_part_and_both_say_which_they_speak()
    {
        var one = RunAsync(_pipes.Near, new RecordingHandler("one") { Speaks = new PeerVersions(1, 1) }, "two");
        var two = RunAsync(_pipes.Far, new RecordingHandler("two") { Speaks = new PeerVersions(2, 3) }, null);
        Assert.Contains("speaks version 2 to 3 of the peer protocol, this one 1", (await one).Reason, StringComparison.Ordinal);
        await two;
    }

    [Theory]
    [InlineData(1, 1, 1, 2, 1)]
    [InlineData(1, 2, 2, 4, 2)]
    public async Task Neighbouring_releases_speak_the_highest_version_that_both_know(int lowest, int highest, int theirLowest, int theirHighest, int common)
    {
        var (old, young) = (new RecordingHandler("one") { Speaks = new((ushort)lowest, (ushort)highest) }, new RecordingHandler("two") { Speaks = new((ushort)theirLowest, (ushort)theirHighest) });
        var (one, two) = (RunAsync(_pipes.Near, old, "two"), RunAsync(_pipes.Far, young, null));
        var (near, far) = (await old.NextConnectedAsync(), await young.NextConnectedAsync());

        Assert.Equal((common, common), (near.Version, far.Version));
        Assert.True(near.TrySend(Messages.Numbered(7)));
        Assert.Equal(7UL, Messages.NumberOf(await young.NextReceivedAsync()));
        near.Close("done");
        await Task.WhenAll(one, two);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001")]
    [InlineData("\u0008\0\0\0garbage!")]
    public async Task What_is_no_peer_is_refused(string bytes) =>
        Assert.Equal(PeerReasons.NoPeer, (await EndAfterAsync(Encoding.Latin1.GetBytes(bytes))).Reason);

    [Fact]
    public async Task A_greeting_that_never_comes_is_waited_for_five_seconds()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        _time.Advance(PeerConnection.GreetingPatience - TimeSpan.FromMilliseconds(1));
        Assert.False(one.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PeerReasons.GreetingLate, (await one).Reason);
    }

    [Fact]
    public async Task Half_a_greeting_is_none()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        await _pipes.Far.Pipe.Output.WriteAsync(PeerGreetingCodec.EncodeFrame(new RecordingHandler("two").Greeting()).AsMemory(0, 20), Cancellation);
        _time.Advance(PeerConnection.GreetingPatience);
        Assert.Equal(PeerReasons.GreetingLate, (await one).Reason);
    }

    [Fact]
    public async Task The_deadline_of_the_greeting_does_not_end_a_connection_that_was_greeted_on()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        await _pipes.Far.Pipe.Output.WriteAsync(PeerGreetingCodec.EncodeFrame(new RecordingHandler("two").Greeting()), Cancellation);
        var link = await _one.NextConnectedAsync();
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(link.TrySend(Messages.Numbered(1)));
        link.Close("done");
        Assert.Equal("done", (await one).Reason);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_ends_the_connection()
    {
        var frame = Messages.Frame(Messages.Numbered(1));
        frame[4] = 99;
        var end = await EndAfterAsync([.. PeerGreetingCodec.EncodeFrame(new RecordingHandler("two").Greeting()), .. frame]);
        Assert.Equal(PeerReasons.Garbage("message kind 99 is unknown"), end.Reason);
        Assert.Equal("two", end.Peer!.Node);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(PeerFraming.BodyBytesMax + 1)]
    public async Task An_impossible_length_ends_the_connection(int length)
    {
        var end = await EndAfterAsync([.. PeerGreetingCodec.EncodeFrame(new RecordingHandler("two").Greeting()), .. BitConverter.GetBytes(length)]);
        Assert.Equal(PeerReasons.BadLength, end.Reason);
    }

    [Fact]
    public async Task Bytes_that_arrive_one_by_one_are_put_together()
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        byte[] bytes = [.. PeerGreetingCodec.EncodeFrame(new RecordingHandler("two").Greeting()), .. Messages.Frame(Messages.Numbered(5, bytes: 40))];
        foreach (var value in bytes)
        {
            _pipes.Far.Pipe.Output.Write([value]);
            await _pipes.Far.Pipe.Output.FlushAsync(Cancellation);
        }

        Assert.Equal(5UL, Messages.NumberOf(await _one.NextReceivedAsync()));
        await _pipes.Far.Pipe.Output.CompleteAsync();
        Assert.Equal(PeerReasons.EndOfStream, (await one).Reason);
    }

    private async Task<PeerEnd> EndAfterAsync(byte[] bytes)
    {
        var one = RunAsync(_pipes.Near, _one, "two");
        await _pipes.Far.Pipe.Output.WriteAsync(bytes, Cancellation);
        return await one.WaitAsync(Cancellation);
    }

    private Task<PeerEnd> RunAsync(PeerChannel channel, IPeerHandler handler, string? wanted) =>
        new PeerConnection(channel, handler, wanted, NullLogger.Instance, _time).RunAsync(null, Cancellation);
}
