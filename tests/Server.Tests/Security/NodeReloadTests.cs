using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Server.Tests.Security;

public sealed class NodeReloadTests
{
    [Fact]
    public async Task New_certificates_serve_new_connections_and_leave_the_open_ones_alone()
    {
        await using var secure = new SecureNode();
        await secure.InitializeAsync();
        using var renewed = new TestCertificates();
        var before = secure.Certificates.Of(Role.Operator, "before");
        using var open = secure.Node.Allocator.AllocateStream(cancellationToken: TestNode.Cancellation);
        Assert.True(await open.ResponseStream.MoveNext(TestNode.Cancellation));

        // Another authority altogether: who trusts the old one is a stranger from here on.
        var files = renewed.Node();
        File.Copy(files.Certificate, secure.Files.Certificate, overwrite: true);
        File.Copy(files.Key, secure.Files.Key, overwrite: true);
        File.Copy(renewed.CaFile, secure.Files.Ca, overwrite: true);
        var serial = TestCertificates.Load(files).SerialNumber;
        await Eventually.TrueAsync(() => Task.FromResult(secure.Node.App.Services.GetRequiredService<TlsSettings>().Current.Certificate.SerialNumber == serial));

        await open.RequestStream.WriteAsync(
            new AllocateStreamRequest { Tag = 7, Allocate = new AllocateRequest { Tenant = "acme", Function = "missing", RequestId = TestNode.NewId() } }, TestNode.Cancellation);
        Assert.True(await open.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(7ul, open.ResponseStream.Current.Tag);

        var after = await StatusAsync(secure.Channel(renewed.Of(Role.Operator, "after")));
        Assert.Equal(new DateTimeOffset(TestCertificates.Load(files).NotAfter).ToUnixTimeMilliseconds(), after.CertificateValidUntilMs);
        await Assert.ThrowsAsync<RpcException>(() => StatusAsync(secure.Channel(before)));
    }

    private static async Task<GetStatusResponse> StatusAsync(GrpcChannel channel) =>
        await new Operator.OperatorClient(channel).GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation);
}
