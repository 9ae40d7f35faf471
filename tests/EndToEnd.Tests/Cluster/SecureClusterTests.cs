using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>Three nodes, a worker and callers, all with certificates that <c>cpctl certs</c> made: what any one node's death changes, and who gets in where.</summary>
public sealed class SecureClusterTests : IAsyncLifetime
{
    private readonly ClusterProcess _cluster;
    private readonly CertificateDirectory _certificates;

    public SecureClusterTests(TestRun run)
    {
        var root = run.NewDirectory("secure-cluster");
        _certificates = new CertificateDirectory(Path.Combine(root, "certs"));
        _cluster = new ClusterProcess(root) { Certificates = _certificates };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _cluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_lease_outlives_the_leader_and_stays_its_tenants_alone()
    {
        var operators = await _cluster.NewClientAsync();
        await EchoFunction.DeployAsync(operators, _cluster.Root, warm: 2);
        var acme = await _cluster.NewClientAsync("acme");
        var mallory = await _cluster.NewClientAsync("mallory");
        var before = await acme.AllocateAsync(EchoFunction.Lease(), Cancellation);
        Assert.Equal("one", await SayAsync(before, "one"));
        await IsUnknownToAsync(mallory, before);

        var (leader, status) = await _cluster.SettleAsync();
        Assert.Equal("mutual TLS", status.Transport);
        await _cluster.KillAsync(leader);

        var after = await acme.AllocateAsync(EchoFunction.Lease(), Cancellation);
        Assert.NotEqual(before.Sandbox, after.Sandbox);
        Assert.Equal("two", await SayAsync(after, "two"));
        Assert.Equal("three", await SayAsync(before, "three"));
        await acme.RenewAsync(new RenewRequest.Types.Item { Lease = before.Reference }, Cancellation);
        await IsUnknownToAsync(mallory, before);
        Assert.NotEqual(leader, await _cluster.LeaderAsync());

        await _cluster.LaunchAsync(leader);
        await _cluster.SettleAsync();
        var listed = await acme.ListLeasesAsync(new ListLeasesRequest { Tenant = "acme" }, Cancellation);
        Assert.Equal([before.Reference.Id, after.Reference.Id], listed.Leases.Select(lease => lease.Id).OrderBy(id => id.Position));
    }

    [Fact]
    public async Task Peers_are_nodes_and_a_renewed_certificate_is_used_for_their_next_connection()
    {
        var (leader, _) = await _cluster.SettleAsync();
        var absent = Enumerable.Range(0, ClusterProcess.Nodes).First(node => node != leader);
        int[] present = [.. Enumerable.Range(0, ClusterProcess.Nodes).Where(node => node != absent)];
        TlsFiles?[] strangers =
            [null, _certificates.FilesOf(Role.Worker, "worker-1"), _certificates.FilesOf(Role.Operator, "root"), await _certificates.IssueAsync(Role.Tenant, "acme"), await _certificates.IssueAsync(Role.Journal, "jobs")];
        foreach (var port in Enumerable.Range(0, ClusterProcess.Nodes).Select(_cluster.PeerPortOf))
        {
            Assert.All(await Task.WhenAll(strangers.Select(files => DialAsync(port, files))), Assert.Null);
        }

        foreach (var node in present)
        {
            var ended = (await _cluster.StatusAsync(node))!.CertificateValidUntilMs;
            await _certificates.IssueAsync(Role.Replica, ClusterProcess.NameOf(node), renew: true);
            await Eventually.HoldsAsync(
                async () => await _cluster.StatusAsync(node) is { } status && status.CertificateValidUntilMs > ended,
                () => $"the renewed certificate is taken in:\n{_cluster.Said}");
        }

        await _cluster.KillAsync(absent);

        // In the absent node's place, as whom both dial it, and dialling them under its certificate.
        var renewed = present.Select(node => SerialOf(_certificates.FilesOf(Role.Replica, ClusterProcess.NameOf(node)))).ToHashSet();
        Assert.Equal(renewed, await MetAtAsync(_cluster.PeerPortOf(absent), _certificates.FilesOf(Role.Replica, ClusterProcess.NameOf(absent)), callers: present.Length));
        var met = await Task.WhenAll(present.Select(node => DialAsync(_cluster.PeerPortOf(node), _certificates.FilesOf(Role.Replica, ClusterProcess.NameOf(absent)))));
        Assert.Equal(renewed, met.Select(serial => serial!).ToHashSet());

        await _cluster.LaunchAsync(absent);
        await _cluster.SettleAsync();
    }

    private static async Task<string> SayAsync(LeaseHandle lease, string word) =>
        (await lease.InvokeAsync(System.Text.Encoding.UTF8.GetBytes(word), cancellation: Cancellation)).Payload.ToStringUtf8();

    /// <summary>Knowing all of a lease, another tenant can neither see, renew, release nor invoke it.</summary>
    private static async Task IsUnknownToAsync(ControlPlaneClient other, LeaseHandle lease)
    {
        Assert.Empty((await other.ListLeasesAsync(new ListLeasesRequest { Tenant = "mallory" }, Cancellation)).Leases);
        Assert.Equal(ErrorReason.TenantMismatch, await ReasonAsync(() => other.ListLeasesAsync(new ListLeasesRequest { Tenant = "acme" }, Cancellation)));
        Assert.Equal(ErrorReason.UnknownLease, await ReasonAsync(() => other.RenewAsync(new RenewRequest.Types.Item { Lease = lease.Reference }, Cancellation)));
        Assert.Equal(ErrorReason.UnknownLease, await ReasonAsync(() => other.ReleaseAsync(lease.Reference, Cancellation)));
        Assert.Equal(ErrorReason.StaleFence, await ReasonAsync(() => other.Adopt(lease.Lease).InvokeAsync("mine"u8.ToArray(), cancellation: Cancellation)));
    }

    private static async Task<ErrorReason> ReasonAsync(Func<Task> call) => (await Assert.ThrowsAsync<ControlPlaneException>(call)).Reason;

    private static string SerialOf(TlsFiles files)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(files.Certificate);
        return certificate.SerialNumber;
    }

    /// <summary>Dials a peer port, believing whatever it shows; the serial number that it showed, or null if it did not let the caller in. A node greets first.</summary>
    private static async Task<string?> DialAsync(int port, TlsFiles? files)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
        await using var stream = new SslStream(socket.GetStream());
        using var certificate = files is null ? null : X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "127.0.0.1",
#pragma warning disable CA5359 // On purpose: the node's own check is what is tested.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                    LocalCertificateSelectionCallback = certificate is null ? null : (_, _, _, _, _) => certificate,
                },
                Cancellation);
            return await stream.ReadAsync(new byte[64], Cancellation) > 0 ? ((X509Certificate2)stream.RemoteCertificate!).SerialNumber : null;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }

    /// <summary>Listens where nodes expect another, with its certificate; the serial numbers that so many different callers showed.</summary>
    private static async Task<HashSet<string>> MetAtAsync(int port, TlsFiles files, int callers)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        using var certificate = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        var serials = new HashSet<string>();
        while (serials.Count < callers)
        {
            using var socket = await listener.AcceptTcpClientAsync(Cancellation);
            await using var stream = new SslStream(socket.GetStream());
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateRequired = true,
#pragma warning disable CA5359 // Whatever is shown is what is looked at.
                    RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
                },
                Cancellation);
            serials.Add(((X509Certificate2)stream.RemoteCertificate!).SerialNumber);
        }

        return serials;
    }
}
