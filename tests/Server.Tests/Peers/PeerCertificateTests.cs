using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Server.Tests.Peers;

/// <summary>Whose certificate opens a node's peer port, and for which name: that of node <c>two</c>, which <c>one</c> may dial.</summary>
public sealed class PeerCertificateTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TlsFiles _files;
    private readonly TlsSettings _tls;

    public PeerCertificateTests()
    {
        _files = _certificates.Node("two");
        _tls = TlsSettings.Open(_files, OwnCertificate.OfNode("two"), TimeProvider.System);
    }

    public static TheoryData<string> Strangers => ["none", .. Enum.GetValues<Role>().Where(role => role != Role.Replica).Select(PeerIdentity.NameOf), "nobody", "expired", "others"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _tls.Dispose();
        _certificates.Dispose();
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task Who_has_no_nodes_certificate_is_cut_off_before_it_says_a_word(string stranger)
    {
        await using var server = await PeerNode.StartAsync("two", _tls);
        using var others = new TestCertificates();

        Assert.False(await IsLetInAsync(server.Port, FilesOf(stranger, others)));

        Assert.False(server.Serials.Reader.TryPeek(out _), "nobody came through the handshake");
        Assert.True(await IsLetInAsync(server.Port, _certificates.Node("one")), "with a node's certificate the same words are answered");
    }

    [Theory]
    [InlineData("three")]
    [InlineData("ONE")]
    [InlineData("two")]
    public async Task A_node_that_greets_under_another_name_than_its_certificates_is_refused(string certified)
    {
        await using var server = await PeerNode.StartAsync("two", _tls);
        await using var liar = new PeerNode("one");
        using var lying = TlsSettings.Open(_certificates.Node(certified), OwnCertificate.OfNode(certified), TimeProvider.System);
        await using (Dial(liar, server.Port, lying))
        {
            Assert.Contains($"calls itself 'one' and shows the certificate of '{certified}'", await server.NextLineAsync(), StringComparison.Ordinal);
        }

        await using var honest = new PeerNode("one");
        using var own = TlsSettings.Open(_certificates.Node("one"), OwnCertificate.OfNode("one"), TimeProvider.System);
        await using var mesh = Dial(honest, server.Port, own);
        await honest.NextConnectedAsync();
        await server.NextConnectedAsync();
        Assert.False(server.HasConnected, "the liar was never told of to anybody");
    }

    [Fact]
    public async Task Renewed_certificates_of_both_sides_are_used_for_the_next_connection_and_the_open_one_stays()
    {
        await using var server = await PeerNode.StartAsync("two", _tls);
        await using var client = new PeerNode("one");
        var files = _certificates.Node("one");
        using var own = TlsSettings.Open(files, OwnCertificate.OfNode("one"), TimeProvider.System);
        var shown = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var mesh = Dial(client, server.Port, own, shown.Writer.TryWrite);
        var link = await client.NextConnectedAsync();
        Assert.Equal((SerialOf(files), SerialOf(_files)), (await server.Serials.Reader.ReadAsync(Cancellation), await shown.Reader.ReadAsync(Cancellation)));

        // Issued anew under the old names, into the same files.
        Assert.Equal((files, _files), (_certificates.Node("one"), _certificates.Node("two")));
        await Eventually.TrueAsync(() => Task.FromResult(own.Current.Certificate.SerialNumber == SerialOf(files) && _tls.Current.Certificate.SerialNumber == SerialOf(_files)));
        Assert.False(server.Serials.Reader.TryPeek(out _), "the connection was left alone");

        link.Close("as if it broke");

        await client.NextConnectedAsync();
        Assert.Equal((SerialOf(files), SerialOf(_files)), (await server.Serials.Reader.ReadAsync(Cancellation), await shown.Reader.ReadAsync(Cancellation)));
    }

    private static string SerialOf(TlsFiles files)
    {
        using var certificate = TestCertificates.Load(files);
        return certificate.SerialNumber;
    }

    private TlsFiles? FilesOf(string stranger, TestCertificates others) => stranger switch
    {
        "none" => null,
        "nobody" => _certificates.Odd([]),
        "expired" => _certificates.Odd(["controlplane://replica/one"], until: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1)),
        "others" => others.Node("one"),
        _ => PeerIdentity.TryParseRole(stranger, out var role) ? _certificates.Of(role, "one") : throw new ArgumentOutOfRangeException(nameof(stranger)),
    };

    private static PeerMesh Dial(PeerNode client, int port, TlsSettings tls, Func<string, bool>? shown = null) => new(
        new PeerMeshOptions
        {
            Peers = [new PeerAddress("two", "127.0.0.1", port)],
            Tls = peer =>
            {
                var options = tls.ClientOptions(peer.Host, ExpectedPeer.Replica(peer.Node));
                var judge = options.RemoteCertificateValidationCallback!;
                options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
                {
                    shown?.Invoke(((X509Certificate2)certificate!).SerialNumber);
                    return judge(sender, certificate, chain, errors);
                };
                return options;
            },
        },
        client,
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Shows a certificate, or none, believes the server whatever it shows, and sees whether its words are answered. A node greets first.</summary>
    private static async Task<bool> IsLetInAsync(int port, TlsFiles? files)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var stream = new SslStream(socket.GetStream());
        using var certificate = files is null ? null : TestCertificates.Load(files);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1",
#pragma warning disable CA5359 // On purpose: the server's own check is what is tested.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                    ClientCertificates = certificate is null ? null : [certificate],
                    LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                },
                Cancellation);
            return await stream.ReadAsync(new byte[64], Cancellation) > 0;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return false;
        }
    }
}
