using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ControlPlane.Client.Tests.Security;

/// <summary>The client's end of mutual TLS, against a server that a test gives any certificate.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_node_and_a_gate_are_called_with_the_clients_certificate()
    {
        await using var plane = await StartAsync(_certificates.Node());
        await using var gate = await StartAsync(_certificates.Of(Role.Worker, "worker-1"));
        gate.Answer = Answers.Is(new InvokeResponse());
        using var client = Client(plane);
        plane.Answer = Answers.Is(Granted(gate.Address));

        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);
        await lease.InvokeAsync(new byte[1], cancellation: Cancellation);

        Assert.Single(plane.ReceivedOf<AllocateRequest>());
        Assert.Single(gate.ReceivedOf<InvokeRequest>());
    }

    [Theory]
    [InlineData(Role.Tenant)]
    [InlineData(Role.Operator)]
    [InlineData(Role.Journal)]
    public async Task A_server_that_is_neither_node_nor_worker_is_told_nothing(Role role)
    {
        await using var plane = await StartAsync(_certificates.Of(role, "mallory", TestCertificates.Loopback));
        using var client = Client(plane);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
        Assert.Contains($"it is controlplane://{PeerIdentity.NameOf(role)}/mallory", failure.Message, StringComparison.Ordinal);
        Assert.Empty(plane.Received);
    }

    [Fact]
    public async Task A_server_of_another_host_is_told_nothing()
    {
        await using var plane = await StartAsync(_certificates.Of(Role.Replica, "node-1", ["10.0.0.7"]));
        using var client = Client(plane);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
        Assert.Contains("is not a certificate of the host that was dialled; it is of 10.0.0.7", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_told_nothing()
    {
        using var others = new TestCertificates();
        await using var plane = await StartAsync(others.Node());
        using var client = Client(plane);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
        Assert.Empty(plane.Received);
    }

    [Fact]
    public async Task A_server_that_refuses_the_clients_certificate_is_named_as_the_likely_cause()
    {
        using var others = new TestCertificates();
        var trustsOthers = _certificates.Node() with { Ca = others.CaFile };
        using var strict = TlsSettings.Open(trustsOthers, OwnCertificate.OfNode("test"), TimeProvider.System);
        await using var plane = await ScriptedPlane.StartAsync(listen => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => ValueTask.FromResult(strict.ServerOptions(ExpectedPeer.Anybody)),
        }));
        using var client = Client(plane);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => client.AllocateAsync(new Allocation("echo"), Cancellation));

        // With TLS 1.3 this side believes the connection made until the other side hangs up: it says so, and promises nothing.
        Assert.Equal(CallOutcome.Unknown, failure.Outcome);
        Assert.Contains("it may not accept this program's certificate", failure.Message, StringComparison.Ordinal);
        Assert.Empty(plane.Received);
    }

    [Fact]
    public async Task A_lease_whose_gate_is_plaintext_is_not_used()
    {
        await using var plane = await StartAsync(_certificates.Node());
        await using var gate = await ScriptedPlane.StartAsync();
        plane.Answer = Answers.Is(Granted(gate.Address));
        using var client = Client(plane);
        var lease = await client.AllocateAsync(new Allocation("echo"), Cancellation);

        var failure = await Assert.ThrowsAsync<ControlPlaneException>(() => lease.InvokeAsync(new byte[1], cancellation: Cancellation));

        Assert.Equal(CallOutcome.Unreachable, failure.Outcome);
        Assert.Contains("is plaintext", failure.Message, StringComparison.Ordinal);
        Assert.Empty(gate.Received);
    }

    [Fact]
    public async Task A_leader_that_would_be_plaintext_is_not_followed()
    {
        await using var plane = await StartAsync(_certificates.Node());
        await using var plaintext = await ScriptedPlane.StartAsync();
        plane.Script(
            Answers.Refused(StatusCode.Unavailable, "NOT_LEADER", ("leader", plaintext.Address)),
            Answers.Is(Granted("https://127.0.0.1:1")));
        using var client = Client(plane);

        await client.AllocateAsync(new Allocation("echo"), Cancellation);

        Assert.Equal(2, plane.ReceivedOf<AllocateRequest>().Count);
        Assert.Empty(plaintext.Received);
    }

    [Fact]
    public void A_plaintext_address_beside_certificates_is_refused() => Assert.Throws<ArgumentException>(() =>
        new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = ["https://127.0.0.1:1", "http://127.0.0.1:1"], Tls = _certificates.Of(Role.Tenant, "acme") }));

    [Fact]
    public void Files_that_cannot_be_used_are_named_before_anything_is_sent() => Assert.Equal(3, Assert.Throws<TlsFilesException>(() =>
        new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = ["https://127.0.0.1:1"], Tls = new TlsFiles("/no/a", "/no/b", "/no/c") })).Problems.Count);

    [Fact]
    public async Task New_files_are_shown_on_new_connections_and_the_open_one_goes_on()
    {
        var shown = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var files = _certificates.Of(Role.Tenant, "acme");
        using var tls = TlsSettings.Open(files, OwnCertificate.OfCaller, TimeProvider.System);
        await using var first = await StartAsync(_certificates.Node(), shown);
        await using var second = await StartAsync(_certificates.Node(), shown);
        first.Answer = second.Answer = Answers.Is(new GetStatusResponse());
        using var endpoints = new EndpointCache(tls);

        await StatusAsync(endpoints, first);
        _certificates.Of(Role.Tenant, "acme");
        tls.Look();
        tls.Look();
        await StatusAsync(endpoints, first);
        Assert.Single(shown);
        await StatusAsync(endpoints, second);

        Assert.Equal(2, shown.Distinct().Count());
        Assert.Equal(TestCertificates.Load(files).SerialNumber, shown.Last());
    }

    private static async Task StatusAsync(EndpointCache endpoints, ScriptedPlane plane) =>
        await endpoints.Get(plane.Address).Operator.GetStatusAsync(new GetStatusRequest(), cancellationToken: Cancellation);

    /// <summary>A server with this certificate, which asks for the caller's and takes any.</summary>
    private static Task<ScriptedPlane> StartAsync(TlsFiles files, System.Collections.Concurrent.ConcurrentQueue<string>? shown = null)
    {
        var certificate = TestCertificates.Load(files);
        return ScriptedPlane.StartAsync(listen =>
        {
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            });
            listen.Use(next => connection =>
            {
                shown?.Enqueue(connection.Features.Get<ITlsConnectionFeature>()!.ClientCertificate!.SerialNumber);
                return next(connection);
            });
        });
    }

    private ControlPlaneClient Client(ScriptedPlane plane) => new(new ControlPlaneClientOptions
    {
        Addresses = [plane.Address],
        Tenant = "acme",
        Tls = _certificates.Of(Role.Tenant, "acme"),
        Deadline = TimeSpan.FromSeconds(30),
        Retry = new RetryPolicy { AttemptsMax = 3, BackoffFirst = TimeSpan.FromMilliseconds(1), BackoffMax = TimeSpan.FromMilliseconds(5) },
    });

    private static AllocateResponse Granted(string gate) => new()
    {
        Leases =
        {
            new Lease { Id = new LeaseId { Position = 3 }, Sandbox = new SandboxId { Position = 2 }, Fence = new FencingToken { Epoch = 1, Position = 3 }, Endpoint = gate, TtlMs = 60_000 },
        },
    };
}
