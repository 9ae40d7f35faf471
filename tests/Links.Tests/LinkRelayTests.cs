using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Links.Tests;

/// <summary>What two programs that speak TCP notice of the relay between them: nothing, or silence.</summary>
public sealed class LinkRelayTests : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly LinkRelay _relay;
    private readonly List<Socket> _sockets = [];

    public LinkRelayTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _relay = new LinkRelay((IPEndPoint)_listener.LocalEndPoint!);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Bytes_go_both_ways_in_order()
    {
        var (dialler, dialled) = await ConnectAsync();
        await PassesAsync(dialler, dialled, 300_000);
        await PassesAsync(dialled, dialler, 300_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_closed_flow_is_silent_in_its_direction_only_and_everything_comes_late(bool onward)
    {
        var (dialler, dialled) = await ConnectAsync();
        var (silent, heard) = onward ? (dialler, dialled) : (dialled, dialler);
        await PassesAsync(silent, heard, 100);
        var flow = onward ? _relay.Onward : _relay.Back;
        flow.Close();
        await silent.SendAsync("late"u8.ToArray(), Cancellation);

        // What arrives meanwhile in the other direction had as much time to be carried as what must not.
        for (var i = 0; i < 100; i++)
        {
            await PassesAsync(heard, silent, 1_000);
        }

        Assert.Equal(0, heard.Available);
        Assert.False(HasEnded(heard));

        flow.Open();
        Assert.Equal("late"u8.ToArray(), await ReadAsync(heard, 4));
        await PassesAsync(silent, heard, 100);
    }

    [Fact]
    public async Task At_a_closed_flow_the_sender_waits_and_nothing_is_hoarded()
    {
        var (dialler, dialled) = await ConnectAsync();
        _relay.Onward.Close();

        // More than all buffers of the system between the two can hold.
        var much = new byte[64 << 20];
        Random.Shared.NextBytes(much);
        var sending = SendAllAsync(dialler, much);
        await PassesAsync(dialled, dialler, 1_000);
        Assert.False(sending.IsCompleted);

        _relay.Onward.Open();
        Assert.Equal(much, await ReadAsync(dialled, much.Length));
        await sending;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_connection_comes_about_through_a_closed_flow_until_it_opens(bool onward)
    {
        var flow = onward ? _relay.Onward : _relay.Back;
        flow.Close();
        (await DialAsync()).Dispose();
        await (await DialAsync()).SendAsync("hello"u8.ToArray(), Cancellation);

        // Through another relay one comes about that was dialled later: it is the first that the target sees.
        await using var other = new LinkRelay((IPEndPoint)_listener.LocalEndPoint!);
        for (var i = 0; i < 20; i++)
        {
            var later = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(later);
            await later.ConnectAsync(other.Address, Cancellation);
            await PassesAsync(later, await AcceptAsync(), 100);
        }

        Assert.False(_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead));

        flow.Open();

        // The one that was given up meanwhile is not carried any more.
        Assert.Equal("hello"u8.ToArray(), await ReadAsync(await AcceptAsync(), 5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_a_connection_is_told_but_not_through_a_closed_flow(bool isReset)
    {
        var (dialler, dialled) = await ConnectAsync();
        await PassesAsync(dialler, dialled, 100);
        var (other, otherDialled) = await ConnectAsync();
        _relay.Onward.Close();
        dialler.LingerState = new LingerOption(isReset, 0);
        dialler.Dispose();
        for (var i = 0; i < 100; i++)
        {
            await PassesAsync(otherDialled, other, 1_000);
        }

        Assert.False(HasEnded(dialled));

        _relay.Onward.Open();
        Assert.True(await EndsAsync(dialled));
    }

    [Fact]
    public async Task Where_nobody_listens_the_dialler_is_told()
    {
        _listener.Dispose();
        Assert.True(await EndsAsync(await DialAsync()));
    }

    [Fact]
    public async Task A_reset_ends_every_connection_at_both_ends_and_new_ones_come_about()
    {
        var (dialler, dialled) = await ConnectAsync();
        await PassesAsync(dialler, dialled, 100);
        Assert.Equal(1, _relay.Reset());
        Assert.True(await EndsAsync(dialler));
        Assert.True(await EndsAsync(dialled));
        var (again, accepted) = await ConnectAsync();
        await PassesAsync(again, accepted, 100);
    }

    [Fact]
    public async Task A_reset_reaches_also_those_who_wait_at_a_closed_flow()
    {
        var (dialler, dialled) = await ConnectAsync();
        await PassesAsync(dialler, dialled, 100);
        _relay.Back.Close();
        await dialled.SendAsync("an answer that never arrives"u8.ToArray(), Cancellation);
        _relay.Reset();
        _relay.Back.Open();
        Assert.True(await EndsAsync(dialler));

        // The relay forgets a connection a moment after its ends have seen it go.
        while (_relay.Reset() != 0)
        {
            await Task.Delay(5, Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_late_flow_is_late_in_its_direction_only_and_keeps_the_order(bool onward)
    {
        var (dialler, dialled) = await ConnectAsync();
        var (late, prompt) = onward ? (dialler, dialled) : (dialled, dialler);
        var delay = TimeSpan.FromMilliseconds(150);
        (onward ? _relay.Onward : _relay.Back).State = new LinkState(Delay: delay, Jitter: TimeSpan.FromMilliseconds(20));
        var clock = Stopwatch.StartNew();
        await PassesAsync(late, prompt, 1_000);
        Assert.True(clock.Elapsed >= delay, $"it took {clock.Elapsed}");
        await PassesAsync(late, prompt, 300_000);
        clock.Restart();
        await PassesAsync(prompt, late, 1_000);
        Assert.True(clock.Elapsed < delay, $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task A_narrow_flow_carries_what_it_may()
    {
        var (dialler, dialled) = await ConnectAsync();
        _relay.Onward.State = new LinkState(BytesPerSecond: 100_000);
        var clock = Stopwatch.StartNew();
        await PassesAsync(dialler, dialled, 30_000);
        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(280), $"it took {clock.Elapsed}");
    }

    [Fact]
    public async Task What_is_lost_is_sent_again_and_nothing_is_missing()
    {
        var chance = new Queue<double>([0.0, 0.1, 0.9, .. Enumerable.Repeat(0.9, 1_000)]);
        await using var lossy = new LinkRelay((IPEndPoint)_listener.LocalEndPoint!, draw: () => chance.Count > 0 ? chance.Dequeue() : 0.9);
        lossy.Onward.State = new LinkState(LossShare: 0.5);
        var dialler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(dialler);
        await dialler.ConnectAsync(lossy.Address, Cancellation);
        var dialled = await AcceptAsync();
        var clock = Stopwatch.StartNew();
        await PassesAsync(dialler, dialled, 1_000);

        // The first number is the jitter's; the second one loses the piece, the third lets its repetition through.
        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(190), $"it took {clock.Elapsed}");
        await PassesAsync(dialler, dialled, 100_000);
    }

    [Fact]
    public void Two_things_that_are_wrong_are_wrong_together()
    {
        var both = new LinkState(Delay: TimeSpan.FromSeconds(1), LossShare: 0.5, BytesPerSecond: 100).And(new LinkState(IsClosed: true, Delay: TimeSpan.FromSeconds(2), LossShare: 0.5));
        Assert.Equal(new LinkState(true, TimeSpan.FromSeconds(3), default, 0.75, 100), both);
    }

    private async Task<(Socket Dialler, Socket Dialled)> ConnectAsync()
    {
        var dialler = await DialAsync();
        return (dialler, await AcceptAsync());
    }

    private async Task<Socket> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        await socket.ConnectAsync(_relay.Address, Cancellation);
        return socket;
    }

    private async Task<Socket> AcceptAsync()
    {
        var socket = await _listener.AcceptAsync(Cancellation);
        _sockets.Add(socket);
        return socket;
    }

    private static async Task PassesAsync(Socket from, Socket to, int bytes)
    {
        var sent = new byte[bytes];
        Random.Shared.NextBytes(sent);
        var sending = SendAllAsync(from, sent);
        Assert.Equal(sent, await ReadAsync(to, bytes));
        await sending;
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), Cancellation);
        }
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        for (var read = 0; read < bytes;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read), Cancellation);
            Assert.NotEqual(0, more);
            read += more;
        }

        return buffer;
    }

    private static bool HasEnded(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    private static async Task<bool> EndsAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Cancellation) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
