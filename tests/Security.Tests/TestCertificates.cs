using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security.Tests;

/// <summary>An authority of the test's own, and the files it issues, in a directory that is gone afterwards.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("certificates-");
    private readonly DateTimeOffset _now;

    public TestCertificates(DateTimeOffset? now = null)
    {
        _now = now ?? TimeProvider.System.GetUtcNow();
        Authority = CertificateAuthority.Create("test authority", _now - Lifetime, 3 * Lifetime);
        Write("ca.crt", Authority.CertificatePem());
    }

    public static IReadOnlyList<string> Loopback { get; } = ["localhost", "127.0.0.1"];

    public CertificateAuthority Authority { get; }

    public string CaFile => PathOf("ca.crt");

    /// <summary>A node's files.</summary>
    public TlsFiles Node(string name = "test") => Of(Role.Replica, name);

    /// <summary>Files of one identity; it may serve on loopback if its role serves.</summary>
    public TlsFiles Of(Role role, string name) => Of(role, name, role is Role.Replica or Role.Worker ? Loopback : []);

    public TlsFiles Of(Role role, string name, IReadOnlyList<string> hosts)
    {
        var issued = Authority.Issue(new PeerIdentity(role, name), hosts, _now, Lifetime);
        return Save($"{role}-{name}", issued);
    }

    /// <summary>Files of a certificate that says whatever the test wants.</summary>
    public TlsFiles Odd(IReadOnlyList<string> identities, IReadOnlyList<string>? hosts = null, DateTimeOffset? from = null, DateTimeOffset? until = null) => Save(
        $"odd-{Guid.NewGuid():N}",
        Authority.Issue("odd", identities, hosts ?? Loopback, from ?? _now - TimeSpan.FromHours(1), until ?? _now + TimeSpan.FromHours(1)));

    public string PathOf(string name) => Path.Combine(_directory.FullName, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>The certificate with its key.</summary>
    public static X509Certificate2 Load(TlsFiles files) => X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);

    /// <summary>
    /// A handler that shows a certificate, or none, and believes whatever it is shown: what the other side accepts is the question. It
    /// knows nothing of the code under test.
    /// </summary>
    public static SocketsHttpHandler Credulous(TlsFiles? files)
    {
        var certificate = files is null ? null : Load(files);
        var handler = new SocketsHttpHandler
        {
            // With a callback a gRPC channel leaves connecting to the handler; its own balancing can let a call wait for ever for a connection that was cut off.
            ConnectCallback = static async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
#pragma warning disable CA5359 // On purpose: the server's own check is what is tested.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return handler;
    }

    public void Dispose()
    {
        Authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private TlsFiles Save(string name, IssuedCertificate issued) =>
        new(Write($"{name}.crt", issued.CertificatePem), Write($"{name}.key", issued.KeyPem), CaFile);
}
