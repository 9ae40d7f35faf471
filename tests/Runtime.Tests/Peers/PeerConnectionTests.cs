using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Runtime.Tests.Peers;

public sealed class PeerConnectionTests
{
    private readonly PipePair _pipes = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingHandler _one = new("one");
    private readonly RecordingHandler _two = new("two");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_side_learns_who_the_other_is()
    {
        var (one, two) = Connect();
        var dialled = await _one.NextConnectedAsync();
        var accepted = await _two.NextConnectedAsync();
        Assert.Equal(("two", "two:7070", true), (dialled.Peer.Node, dialled.Peer.ClientAddress, dialled.IsDialled));
        Assert.Equal(("one", "one:7070", false), (accepted.Peer.Node, accepted.Peer.ClientAddress, accepted.IsDialled));
        Assert.Equal(_one.Greeting().Replicas, accepted.Peer.Replicas);
        dialled.Close("enough");
        Assert.Equal("enough", (await one).Reason);
        Assert.Equal(PeerReasons.EndOfStream, (await two).Reason);
        Assert.Same(dialled, await _one.NextDisconnectedAsync());
        Assert.Same(accepted, await _two.NextDisconnectedAsync());
        Assert.False(dialled.TrySend(Messages.Numbered(1)));
    }

    [Fact]
    public async Task Messages_arrive_in_the_order_in_which_they_were_sent()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        const int Count = 5_000;
        for (ulong number = 1; number <= Count; number++)
        {
            Assert.True(link.TrySend(Messages.Numbered(number, bytes: (int)(number % 300))));
        }

        for (ulong number = 1; number <= Count; number++)
        {
            var received = await _two.NextReceivedAsync();
            Assert.Equal(number, Messages.NumberOf(received));
            Assert.Equal((int)(number % 300), ((Append)received.Message).Entries.Length);
        }

        await EndAsync(link, ends);
    }

    [Fact]
    public async Task A_batch_is_all_that_had_arrived()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        _two.Unblocked.Reset();
        link.TrySend(Messages.Numbered(1));
        for (ulong number = 2; number <= 101; number++)
        {
            link.TrySend(Messages.Numbered(number));
        }

        _two.Unblocked.Set();
        for (ulong number = 1; number <= 101; number++)
        {
            Assert.Equal(number, Messages.NumberOf(await _two.NextReceivedAsync()));
        }

        // What was read before the handler was blocked is one batch; the rest is the other.
        Assert.InRange(_two.BatchSizes.Count, 1, 2);
        await EndAsync(link, ends);
    }

    [Fact]
    public async Task Messages_of_many_threads_arrive_whole_and_each_thread_s_in_order()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        const int Threads = 8;
        const int Each = 2_000;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(
            () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    Assert.True(link.TrySend(Messages.Numbered((ulong)((thread * Each) + i), bytes: i % 100)));
                }
            },
            Cancellation)));
        var next = new int[Threads];
        for (var i = 0; i < Threads * Each; i++)
        {
            var (thread, number) = Math.DivRem((int)Messages.NumberOf(await _two.NextReceivedAsync()), Each);
            Assert.Equal(next[thread]++, number);
        }

        await EndAsync(link, ends);
    }

    [Fact]
    public async Task Large_messages_are_put_together()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        Assert.True(link.TrySend(Messages.Numbered(1, bytes: 4 * 1024 * 1024)));
        Assert.True(link.TrySend(Messages.Numbered(2)));
        Assert.Equal(4 * 1024 * 1024, ((Append)(await _two.NextReceivedAsync()).Message).Entries.Length);
        Assert.Equal(2UL, Messages.NumberOf(await _two.NextReceivedAsync()));
        await EndAsync(link, ends);
    }

    [Fact]
    public async Task The_largest_message_is_taken_when_nothing_waits()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        Assert.True(link.TrySend(Messages.Numbered(1, bytes: PeerLimits.BytesMax)));
        Assert.Equal(PeerLimits.BytesMax, ((Append)(await _two.NextReceivedAsync()).Message).Entries.Length);
        await EndAsync(link, ends);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_costs_bounded_memory_and_nobody_waits_for_it()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        _two.Unblocked.Reset();
        const int Bytes = 10_000;
        var taken = Messages.SendUntilFull(link, Bytes);
        const int InTransit = 2 * PeerInboundBudget.BytesMax;
        Assert.InRange((long)taken * Bytes, PeerOutput.PendingBytesMax - Bytes - 1_000_000, PeerOutput.PendingBytesMax + InTransit);

        // When it reads again, all that was taken arrives.
        _two.Unblocked.Set();
        for (ulong number = 1; number <= taken; number++)
        {
            Assert.Equal(number, Messages.NumberOf(await _two.NextReceivedAsync()));
        }

        await EndAsync(link, ends);
    }

    [Fact]
    public async Task A_handler_that_keeps_its_batches_is_not_given_more_than_the_bound()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        _two.KeepsBatches = true;
        const int Bytes = 1024 * 1024;
        const int Most = (PeerInboundBudget.BytesMax / Bytes) + 1;
        ulong sent = 0;
        for (; sent < Most - 1; sent++)
        {
            await SendWhenThereIsRoomAsync(link, sent + 1, Bytes);
            await _two.NextReceivedAsync();
        }

        // The next ones stay with the sender, until a batch is given back.
        var refused = sent + Messages.SendUntilFull(link, Bytes) > sent;
        Assert.True(refused);
        Assert.InRange(_two.Kept.Count, 1, Most);
        while (_two.Kept.TryDequeue(out var batch))
        {
            batch.Dispose();
            batch.Dispose();
        }

        _two.KeepsBatches = false;
        await _two.NextReceivedAsync();
        await EndAsync(link, ends);
    }

    [Fact]
    public async Task A_closed_link_does_not_wait_for_batches_that_are_kept()
    {
        var ends = Connect();
        var sender = await _one.NextConnectedAsync();
        var receiver = await _two.NextConnectedAsync();
        _two.KeepsBatches = true;
        for (ulong number = 1; number <= 17; number++)
        {
            await SendWhenThereIsRoomAsync(sender, number, 1024 * 1024);
        }

        // The one that reads no more, because of what is kept: it would not notice that the other has gone.
        await EndAsync(receiver, ends);
    }

    [Fact]
    public async Task A_handler_that_throws_ends_the_connection()
    {
        var ends = Connect();
        var link = await _one.NextConnectedAsync();
        link.TrySend(new PeerEnvelope(default, default, new Healed(default, default)));
        await _two.NextReceivedAsync();
        _two.Unblocked.Dispose();
        link.TrySend(Messages.Numbered(1));
        Assert.StartsWith("a message could not be handled", (await ends.Two).Reason, StringComparison.Ordinal);
        await EndAsync(link, ends);
    }

    [Fact]
    public async Task A_stop_ends_the_connection_and_leaves_nothing_behind()
    {
        using var stop = new CancellationTokenSource();
        var one = Connection(_pipes.Near, _one, "two").RunAsync(null, stop.Token);
        var two = Connection(_pipes.Far, _two, null).RunAsync(null, CancellationToken.None);
        await _one.NextConnectedAsync();
        await stop.CancelAsync();
        Assert.Equal(PeerReasons.Stopping, (await one).Reason);
        await two;
        await _one.NextDisconnectedAsync();
        await _two.NextDisconnectedAsync();
    }

    private static async Task SendWhenThereIsRoomAsync(IPeerLink link, ulong number, int bytes)
    {
        while (!link.TrySend(Messages.Numbered(number, bytes)))
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    private static async Task EndAsync(IPeerLink link, (Task<PeerEnd> One, Task<PeerEnd> Two) ends)
    {
        link.Close("done");
        await Task.WhenAll(ends.One, ends.Two).WaitAsync(Cancellation);
    }

    private (Task<PeerEnd> One, Task<PeerEnd> Two) Connect() => (
        Connection(_pipes.Near, _one, "two").RunAsync(null, Cancellation),
        Connection(_pipes.Far, _two, null).RunAsync(null, Cancellation));

    private PeerConnection Connection(PeerChannel channel, IPeerHandler handler, string? wanted) => new(channel, handler, wanted, NullLogger.Instance, _time);
}
