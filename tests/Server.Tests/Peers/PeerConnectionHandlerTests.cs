using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Server.Tests.Peers;

public sealed class PeerConnectionHandlerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Messages_are_answered_on_the_connection_on_which_they_came()
    {
        await using var server = await PeerNode.StartAsync("two");
        await using var client = new PeerNode("one");
        await using var mesh = Dial(client, server.Port, tls: null);
        var link = await client.NextConnectedAsync();
        await EchoAsync(client, link, bytes: 200);
        await EchoAsync(client, link, bytes: 4 * 1024 * 1024);
        Assert.StartsWith("Peer one has connected from 127.0.0.1", await server.NextLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_TLS_it_is_the_same()
    {
        using var certificates = new TestCertificates();
        using var two = TlsSettings.Open(certificates.Node("two"), OwnCertificate.OfNode("two"), TimeProvider.System);
        using var one = TlsSettings.Open(certificates.Node("one"), OwnCertificate.OfNode("one"), TimeProvider.System);
        await using var server = await PeerNode.StartAsync("two", two);
        await using var client = new PeerNode("one");
        await using var mesh = Dial(client, server.Port, peer => one.ClientOptions(peer.Host, ExpectedPeer.Replica(peer.Node)));
        var link = await client.NextConnectedAsync();
        for (var i = 0; i < 200; i++)
        {
            await EchoAsync(client, link, bytes: i);
        }

        await EchoAsync(client, link, bytes: 4 * 1024 * 1024);
    }

    [Fact]
    public async Task What_is_no_peer_is_closed_and_reported_once_however_often_it_comes()
    {
        await using var server = await PeerNode.StartAsync("two");
        for (var i = 0; i < 3; i++)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), Cancellation);
            await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);
            await UntilClosedAsync(socket);
        }

        Assert.Contains("does not speak the peer protocol", await server.NextLineAsync(), StringComparison.Ordinal);
        Assert.False(server.HasLine);
    }

    [Fact]
    public async Task A_stop_of_the_server_ends_the_connections_at_once()
    {
        var server = await PeerNode.StartAsync("two");
        await using var client = new PeerNode("one");
        await using var mesh = Dial(client, server.Port, tls: null);
        await client.NextConnectedAsync();
        var accepted = await server.NextConnectedAsync();
        var started = Stopwatch.GetTimestamp();
        await server.DisposeAsync();
        Assert.False(accepted.TrySend(new PeerEnvelope(default, default, new Healed(default, default))));

        // Far below the patience that the host has with connections that do not end by themselves.
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_connection_that_its_user_closes_is_dialled_again()
    {
        var server = await PeerNode.StartAsync("two");
        await using var client = new PeerNode("one");
        await using var mesh = Dial(client, server.Port, tls: null);
        var link = await client.NextConnectedAsync();
        link.Close("a new one, please");
        await EchoAsync(client, await client.NextConnectedAsync(), bytes: 1);
        await server.DisposeAsync();
    }

    private static PeerMesh Dial(PeerNode client, int port, Func<PeerAddress, SslClientAuthenticationOptions>? tls) =>
        new(new PeerMeshOptions { Peers = [new PeerAddress("two", "127.0.0.1", port)], Tls = tls }, client, TimeProvider.System, NullLogger.Instance);

    private static async Task EchoAsync(PeerNode client, IPeerLink link, int bytes)
    {
        Assert.True(link.TrySend(new PeerEnvelope(default, default, new Append(default, default, (ulong)bytes, SequenceNumber.First, new byte[bytes]))));
        Assert.Equal((ulong)bytes, ((Append)await client.Arrived.Reader.ReadAsync(Cancellation)).Stamp);
    }

    private static async Task UntilClosedAsync(Socket socket)
    {
        var buffer = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, Cancellation) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: closed all the same.
        }
    }
}
