using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Cpctl.Tests;

/// <summary>What two programs that speak TCP notice of the relay between them: nothing, or silence.</summary>
public sealed class PeerRelayTests : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly PeerRelay _relay;
    private readonly List<Socket> _sockets = [];

    public PeerRelayTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _relay = new PeerRelay((IPEndPoint)_listener.LocalEndPoint!);
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
    public async Task A_closed_gate_is_silent_in_its_direction_only_and_everything_comes_late(bool onward)
    {
        var (dialler, dialled) = await ConnectAsync();
        var (silent, heard) = onward ? (dialler, dialled) : (dialled, dialler);
        await PassesAsync(silent, heard, 100);
        var gate = onward ? _relay.Onward : _relay.Back;
        gate.Close();
        await silent.SendAsync("late"u8.ToArray(), Cancellation);

        // What arrives meanwhile in the other direction had as much time to be carried as what must not.
        for (var i = 0; i < 100; i++)
        {
            await PassesAsync(heard, silent, 1_000);
        }

        Assert.Equal(0, heard.Available);
        Assert.False(HasEnded(heard));

        gate.Open();
        Assert.Equal("late"u8.ToArray(), await ReadAsync(heard, 4));
        await PassesAsync(silent, heard, 100);
    }

    [Fact]
    public async Task At_a_closed_gate_the_sender_waits_and_nothing_is_hoarded()
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
    public async Task No_connection_comes_about_through_a_closed_gate_until_it_opens(bool onward)
    {
        var gate = onward ? _relay.Onward : _relay.Back;
        gate.Close();
        (await DialAsync()).Dispose();
        await (await DialAsync()).SendAsync("hello"u8.ToArray(), Cancellation);

        // Through another relay one comes about that was dialled later: it is the first that the target sees.
        await using var other = new PeerRelay((IPEndPoint)_listener.LocalEndPoint!);
        for (var i = 0; i < 20; i++)
        {
            var later = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(later);
            await later.ConnectAsync(other.Address, Cancellation);
            await PassesAsync(later, await AcceptAsync(), 100);
        }

        Assert.False(_listener.Poll(TimeSpan.Zero, SelectMode.SelectRead));

        gate.Open();

        // The one that was given up meanwhile is not carried any more.
        Assert.Equal("hello"u8.ToArray(), await ReadAsync(await AcceptAsync(), 5));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_end_of_a_connection_is_told_but_not_through_a_closed_gate(bool isReset)
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
    public async Task A_node_is_cut_off_on_the_connections_that_it_dials_and_on_those_that_it_accepts()
    {
        IPEndPoint[] nodes = [.. Enumerable.Repeat((IPEndPoint)_listener.LocalEndPoint!, 3)];
        await using var relays = new PeerRelays(nodes);
        Assert.Equal(6, Pairs().Select(pair => relays.Address(pair.From, pair.To)).Distinct().Count());

        foreach (var loss in Enum.GetValues<Loss>())
        {
            relays.Cut(1, loss);
            foreach (var (from, to) in Pairs())
            {
                var sends = from == 1;
                var concerns = sends || to == 1;
                Assert.Equal(!concerns || sends != (loss == Loss.OfWhatItSends), relays.Between(from, to).Onward.IsOpen);
                Assert.Equal(!concerns || sends == (loss == Loss.OfWhatItSends), relays.Between(from, to).Back.IsOpen);
            }

            relays.Heal();
            Assert.All(Pairs(), pair => Assert.True(relays.Between(pair.From, pair.To) is { Onward.IsOpen: true, Back.IsOpen: true }));
        }
    }

    private static IEnumerable<(int From, int To)> Pairs() =>
        from one in Enumerable.Range(0, 3) from other in Enumerable.Range(0, 3) where one != other select (one, other);

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
