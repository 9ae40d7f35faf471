using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ControlPlane.Security.Tests.Handshakes;

/// <summary>The options for raw connections between nodes, over real sockets.</summary>
public sealed class HandshakeTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task Two_replicas_meet_and_each_knows_the_others_certificate()
    {
        var (failure, refused, seen) = await MeetAsync(_certificates.Node("node-1"), _certificates.Node("node-2"), ExpectedPeer.Replica("node-1"));

        Assert.Null(failure);
        Assert.Null(refused);
        Assert.Equal(new PeerIdentity(Role.Replica, "node-2"), seen);
    }

    [Fact]
    public async Task A_replica_of_another_name_is_refused_by_who_dialled_it()
    {
        var (failure, refused, _) = await MeetAsync(_certificates.Node("node-1"), _certificates.Node("node-2"), ExpectedPeer.Replica("node-3"));

        Assert.IsType<AuthenticationException>(failure);
        Assert.Equal("it is controlplane://replica/node-1, and controlplane://replica/node-3 is wanted", refused);
    }

    [Fact]
    public async Task A_server_that_is_no_replica_is_refused_by_who_dialled_it()
    {
        var (_, refused, _) = await MeetAsync(
            _certificates.Of(Role.Tenant, "acme", TestCertificates.Loopback), _certificates.Node("node-2"), ExpectedPeer.Node, serverRole: Role.Tenant);

        Assert.StartsWith("it is controlplane://tenant/acme", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_host_is_refused_by_who_dialled_it()
    {
        var (_, refused, _) = await MeetAsync(_certificates.Of(Role.Replica, "node-1", ["10.0.0.7"]), _certificates.Node("node-2"), ExpectedPeer.Node);

        Assert.Contains("is not a certificate of the host that was dialled; it is of 10.0.0.7", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Role.Tenant)]
    [InlineData(Role.Worker)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Journal)]
    public async Task Who_is_no_replica_cannot_dial_a_listener_of_replicas(Role role)
    {
        var (failure, _, seen) = await MeetAsync(_certificates.Node("node-1"), _certificates.Of(role, "x"), ExpectedPeer.Node);

        Assert.NotNull(failure);
        Assert.Null(seen);
    }

    [Fact]
    public async Task A_peer_of_another_authority_is_refused_on_both_sides()
    {
        using var others = new TestCertificates();
        var (_, refused, seen) = await MeetAsync(_certificates.Node("node-1"), others.Node("node-2"), ExpectedPeer.Node);

        Assert.Contains("is not a valid certificate of the configured authorities", refused, StringComparison.Ordinal);
        Assert.Null(seen);
    }

    /// <summary>One handshake, and a byte each way: with TLS 1.3 a client learns only then that it was refused.</summary>
    private static async Task<(Exception? Failure, string? Refused, PeerIdentity? Seen)> MeetAsync(
        TlsFiles server, TlsFiles client, ExpectedPeer expected, Role serverRole = Role.Replica)
    {
        using var listening = TlsSettings.Open(server, new OwnCertificate(serverRole, null, Serves: true), TimeProvider.System);
        using var dialling = TlsSettings.Open(client, OwnCertificate.OfCaller, TimeProvider.System);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepting = AcceptAsync(listener, listening);
        string? refused = null;
        Exception? failure = null;
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
            await using var stream = new SslStream(socket.GetStream());
            try
            {
                await stream.AuthenticateAsClientAsync(dialling.ClientOptions("127.0.0.1", expected, reason => refused = reason), TestContext.Current.CancellationToken);
                await stream.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
                if (await stream.ReadAsync(new byte[1], TestContext.Current.CancellationToken) == 0)
                {
                    failure = new IOException("closed");
                }
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                failure = e;
            }
        }

        return (failure, refused, await accepting);
    }

    private static async Task<PeerIdentity?> AcceptAsync(TcpListener listener, TlsSettings tls)
    {
        using var socket = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var stream = new SslStream(socket.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(tls.ServerOptions(ExpectedPeer.Node), TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
            await stream.WriteAsync(new byte[] { 1 }, TestContext.Current.CancellationToken);
            return PeerIdentity.Read((System.Security.Cryptography.X509Certificates.X509Certificate2)stream.RemoteCertificate!, out _);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }
}
