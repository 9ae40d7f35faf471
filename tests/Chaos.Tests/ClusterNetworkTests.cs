using System.Net;
using System.Net.Sockets;
using ControlPlane.Chaos.Cluster;
using ControlPlane.Links;

namespace ControlPlane.Chaos.Tests;

/// <summary>What programs notice of the faults of a run's network, over loopback.</summary>
public sealed class ClusterNetworkTests : IAsyncDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly IPEndPoint[] _peers;
    private readonly ClusterNetwork _network;

    public ClusterNetworkTests()
    {
        _peers = [.. Enumerable.Range(0, 3).Select(_ => Listen())];
        _network = new ClusterNetwork(_peers, [.. Enumerable.Range(0, 3).Select(_ => Listen())], betweenNodes: true, beforeNodes: true, () => 0.5);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _sockets.ForEach(socket => socket.Dispose());
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_cut_between_two_leaves_the_third_alone()
    {
        _network.Strike(new LinkFault(new LinkState(IsClosed: true), (speaker, hearer) => (speaker, hearer) is (0, 1) or (1, 0)));
        var (whole, heard) = await ConnectAsync(0, 2);
        await whole.SendAsync("x"u8.ToArray(), Cancellation);
        Assert.Equal(1, await heard.ReceiveAsync(new byte[1], Cancellation));
        await DialAsync(0, 1);
        Assert.False(_sockets[1].Poll(TimeSpan.Zero, SelectMode.SelectRead));
    }

    [Fact]
    public async Task The_end_of_one_fault_does_not_heal_another()
    {
        var (one, other) = await ConnectAsync(0, 1);
        var first = new LinkFault(new LinkState(IsClosed: true), (speaker, _) => speaker == 0);
        var second = new LinkFault(new LinkState(IsClosed: true), (_, hearer) => hearer == 1);
        _network.Strike(first);
        _network.Strike(second);
        _network.Heal(first);
        await one.SendAsync("late"u8.ToArray(), Cancellation);

        // The other direction is whole, and what comes through it has had as much time.
        for (var i = 0; i < 50; i++)
        {
            await other.SendAsync("x"u8.ToArray(), Cancellation);
            await one.ReceiveAsync(new byte[1], Cancellation);
        }

        Assert.Equal(0, other.Available);
        _network.Heal(second);
        Assert.True(await other.ReceiveAsync(new byte[4], Cancellation) > 0);
    }

    [Fact]
    public async Task Clients_and_nodes_are_different_ends_of_links()
    {
        _network.Strike(new LinkFault(new LinkState(IsClosed: true), (_, hearer) => hearer == ClusterNetwork.Outside));
        var (one, other) = await ConnectAsync(1, 2);
        await other.SendAsync("x"u8.ToArray(), Cancellation);
        Assert.Equal(1, await one.ReceiveAsync(new byte[1], Cancellation));
        Assert.NotNull(_network.Between(ClusterNetwork.Outside, 0));
    }

    private IPEndPoint Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _sockets.Add(listener);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    private async Task<Socket> DialAsync(int from, int to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_network.Between(from, to)!, Cancellation);
        _sockets.Add(socket);
        return socket;
    }

    private async Task<(Socket Dialler, Socket Dialled)> ConnectAsync(int from, int to)
    {
        var dialler = await DialAsync(from, to);
        var dialled = await _sockets[to].AcceptAsync(Cancellation);
        _sockets.Add(dialled);
        return (dialler, dialled);
    }
}
