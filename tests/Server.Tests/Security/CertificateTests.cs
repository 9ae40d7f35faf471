using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace ControlPlane.Server.Tests.Security;

/// <summary>Who gets through the handshake, and what a certificate that names nobody is good for.</summary>
public sealed class CertificateTests(SecureNode secure) : IClassFixture<SecureNode>
{
    [Fact]
    public async Task A_certificate_of_the_authority_is_let_in_and_the_status_tells_how() =>
        Assert.Equal("mutual TLS", (await StatusAsync(secure.Node.Channel)).Transport);

    [Fact]
    public async Task The_status_tells_when_the_certificate_ends() => Assert.Equal(
        new DateTimeOffset(TestCertificates.Load(secure.Files).NotAfter).ToUnixTimeMilliseconds(), (await StatusAsync(secure.Node.Channel)).CertificateValidUntilMs);

    [Fact]
    public Task Without_a_certificate_nothing_is_answered() => IsCutOffAsync(secure.Channel(null));

    [Fact]
    public async Task A_certificate_of_another_authority_is_answered_nothing()
    {
        using var others = new TestCertificates();
        await IsCutOffAsync(secure.Channel(others.Of(Role.Operator, "root")));
    }

    [Fact]
    public Task A_certificate_that_signed_itself_is_answered_nothing()
    {
        using var own = CertificateAuthority.Create("root", TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1));
        var files = new TlsFiles(secure.Certificates.Write("own.crt", own.CertificatePem()), secure.Certificates.Write("own.key", own.KeyPem()), secure.Certificates.CaFile);
        return IsCutOffAsync(secure.Channel(files));
    }

    [Fact]
    public Task An_expired_certificate_is_answered_nothing() => IsCutOffAsync(
        secure.Channel(secure.Certificates.Odd(["controlplane://operator/root"], until: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1))));

    [Fact]
    public Task A_certificate_of_tomorrow_is_answered_nothing() => IsCutOffAsync(secure.Channel(secure.Certificates.Odd(
        ["controlplane://operator/root"], from: TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), until: TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2))));

    [Fact]
    public async Task Plaintext_to_the_port_is_answered_nothing()
    {
        using var channel = PlainChannel.To($"http://{secure.Node.Address.Authority}");
        await IsCutOffAsync(channel);
    }

    [Theory]
    [InlineData]
    [InlineData("controlplane://operator/a", "controlplane://operator/b")]
    [InlineData("controlplane://admin/a")]
    public async Task A_certificate_without_one_identity_may_ask_for_health_and_nothing_else(params string[] identities)
    {
        var channel = secure.Channel(secure.Certificates.Odd(identities));

        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: TestNode.Cancellation);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        var error = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(channel));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Equal(ErrorReason.NoIdentity, Protocol.Errors.ErrorTable.ReasonOf(error));
    }

    [Fact]
    public async Task A_worker_says_hello_under_its_certificates_name_only()
    {
        var channel = secure.Channel(Role.Worker, "worker-7");

        await using (await TestWorker.ConnectAsync(secure.Node, "worker-7", channel))
        {
            Assert.Equal(ErrorReason.WorkerMismatch, await SecureNode.ReasonAsync(() => TestWorker.ConnectAsync(secure.Node, "worker-8", channel)));
        }
    }

    [Fact]
    public async Task A_journals_certificate_is_good_for_that_journal_under_its_name_only()
    {
        var journal = new Protocol.V1.Journal.JournalClient(secure.Channel(Role.Journal, "jobs"));

        var appended = await journal.AppendAsync(
            new AppendRequest { Journal = "jobs", Entries = { Google.Protobuf.ByteString.CopyFromUtf8("one") } }, cancellationToken: TestNode.Cancellation);
        Assert.NotNull(appended.Ok);
        var status = await journal.StatusAsync(new JournalStatusRequest { Journal = "jobs" }, cancellationToken: TestNode.Cancellation);
        foreach (var other in new[] { "wm-0", status.JournalId, "JOBS", "" })
        {
            Assert.Equal(ErrorReason.JournalMismatch, await SecureNode.ReasonAsync(
                () => journal.ReadAsync(new ReadRequest { Journal = other, From = 1 }, cancellationToken: TestNode.Cancellation).ResponseAsync));
        }

        using var upload = journal.PutSnapshot(cancellationToken: TestNode.Cancellation);
        await upload.RequestStream.WriteAsync(new PutSnapshotRequest { Begin = new() { Journal = "wm-0", AppliedPosition = 1 } }, TestNode.Cancellation);
        Assert.Equal(ErrorReason.JournalMismatch, await SecureNode.ReasonAsync(() => upload.ResponseAsync));
    }

    private static async Task<GetStatusResponse> StatusAsync(GrpcChannel channel) =>
        await new Operator.OperatorClient(channel).GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation);

    /// <summary>No answer of the server to any method, not even a refusal: the connection fails.</summary>
    private static async Task IsCutOffAsync(GrpcChannel channel)
    {
        foreach (var method in Contract.OfNode)
        {
            var error = await RawCall.RefusalAsync(channel, method, [], TestNode.Cancellation);
            Assert.NotNull(error);
            Assert.True(error.StatusCode is StatusCode.Unavailable or StatusCode.Internal, $"{method}: {error.Status}");
            Assert.NotNull(error.Status.DebugException);
        }
    }
}
