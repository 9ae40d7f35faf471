using System.Net;
using System.Net.Sockets;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

public sealed class PeerMeshTests
{
    private readonly RecordingHandler _one = new("one");
    private readonly RecordingHandler _two = new("two");
    private readonly RecordingLog _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_and_answers_go_over_the_dialled_connection()
    {
        await using var node = new LoopbackNode(_two);
        await using var mesh = Dial(node.Port);
        var dialled = await _one.NextConnectedAsync();
        var accepted = await _two.NextConnectedAsync();
        Assert.True(dialled.TrySend(Messages.Numbered(1, bytes: 4 * 1024 * 1024)));
        Assert.Equal(1UL, Messages.NumberOf(await _two.NextReceivedAsync()));
        Assert.True(accepted.TrySend(Messages.Numbered(2)));
        Assert.Equal(2UL, Messages.NumberOf(await _one.NextReceivedAsync()));
    }

    [Fact]
    public async Task A_peer_that_comes_back_on_its_port_is_connected_again()
    {
        var node = new LoopbackNode(_two);
        await using var mesh = Dial(node.Port);
        var first = await _one.NextConnectedAsync();
        await node.DisposeAsync();
        Assert.Same(first, await _one.NextDisconnectedAsync());
        Assert.False(first.TrySend(Messages.Numbered(1)));
        await using var again = new LoopbackNode(_two, node.Port);
        var second = await _one.NextConnectedAsync();
        Assert.NotSame(first, second);
        Assert.True(second.TrySend(Messages.Numbered(2)));
        Assert.Equal(2UL, Messages.NumberOf(await _two.NextReceivedAsync()));
    }

    [Fact]
    public async Task A_link_that_its_user_closes_is_dialled_anew()
    {
        await using var node = new LoopbackNode(_two);
        await using var mesh = Dial(node.Port);
        var first = await _one.NextConnectedAsync();
        first.Close("it says nothing");
        Assert.NotSame(first, await _one.NextConnectedAsync());
        Assert.Contains(_log.Lines, line => line.Contains("it says nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_reported_once_however_often_it_is_dialled()
    {
        using var refusing = new Socket(SocketType.Stream, ProtocolType.Tcp);
        refusing.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)refusing.LocalEndPoint!).Port;
        var attempts = new CountingTime();
        await using (new PeerMesh(Options(port), _one, attempts, _log))
        {
            await attempts.DelaysAsync(5);
        }

        var line = Assert.Single(_log.Lines);
        Assert.Contains($"No connection to peer two at 127.0.0.1:{port}: the connection failed: Connection refused", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_of_another_cluster_is_reported_once_with_what_to_change()
    {
        await using var node = new LoopbackNode(new RecordingHandler("two", cluster: 2));
        var attempts = new CountingTime();
        await using (new PeerMesh(Options(node.Port), _one, attempts, _log))
        {
            await attempts.DelaysAsync(4);
        }

        Assert.Contains("correct the peer's address, or the cluster", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_not_read_costs_bounded_memory_and_a_stop_does_not_wait_for_it()
    {
        await using var node = new LoopbackNode(_two);
        var mesh = Dial(node.Port);
        var link = await _one.NextConnectedAsync();
        _two.Unblocked.Reset();
        Assert.InRange(Messages.SendUntilFull(link, 10_000), 700UL, 10_000UL);
        await mesh.DisposeAsync();
        Assert.Same(link, await _one.NextDisconnectedAsync());
        _two.Unblocked.Set();
    }

    [Fact]
    public async Task A_stop_ends_the_connections_before_it_returns()
    {
        await using var node = new LoopbackNode(_two);
        var mesh = Dial(node.Port);
        var link = await _one.NextConnectedAsync();
        await mesh.DisposeAsync();
        await mesh.DisposeAsync();
        Assert.False(link.TrySend(Messages.Numbered(1)));
        Assert.Same(link, await _one.NextDisconnectedAsync().WaitAsync(TimeSpan.Zero, Cancellation));
    }

    private static PeerMeshOptions Options(int port) => new() { Peers = [new PeerAddress("two", "127.0.0.1", port)] };

    private PeerMesh Dial(int port) => new(Options(port), _one, TimeProvider.System, _log);
}
