using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using ControlPlane.Server.Tests.Security;
using ControlPlane.Worker.Tests.Support;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Worker.Tests.Security;

/// <summary>A worker that speaks TLS with its plane and at its gate, and every kind of caller at that gate.</summary>
public sealed class GateAccessTests(GateAccessTests.SecureWorker secure) : IClassFixture<GateAccessTests.SecureWorker>
{
    private const ulong Sandbox = 1;
    private const ulong Granted = 5;

    [Fact]
    public async Task A_tenant_invokes_its_own_lease() =>
        Assert.Equal("hello", (await InvokeAsync(secure.Certificates.Of(Role.Tenant, WorkerFixture.Tenant), WorkerFixture.Tenant, "hello")).Trim());

    [Fact]
    public async Task An_operator_invokes_in_any_tenants_name() =>
        Assert.Equal("hello", (await InvokeAsync(secure.Certificates.Of(Role.Operator, "root"), WorkerFixture.Tenant, "hello")).Trim());

    [Theory]
    [InlineData(WorkerFixture.Tenant)]
    [InlineData("")]
    public async Task A_tenant_cannot_use_anothers_lease_in_anothers_name(string tenant) => Assert.Equal(
        (StatusCode.PermissionDenied, ErrorReason.TenantMismatch), await RefusedAsync(secure.Certificates.Of(Role.Tenant, "mallory"), tenant));

    [Fact]
    public async Task A_tenant_cannot_use_anothers_lease_in_its_own_name_though_it_knows_the_token() => Assert.Equal(
        (StatusCode.FailedPrecondition, ErrorReason.StaleFence), await RefusedAsync(secure.Certificates.Of(Role.Tenant, "mallory"), "mallory"));

    [Theory]
    [InlineData(Role.Worker)]
    [InlineData(Role.Replica)]
    [InlineData(Role.Journal)]
    public async Task Nobody_else_invokes(Role role) => Assert.Equal(
        (StatusCode.PermissionDenied, ErrorReason.RoleNotAllowed), await RefusedAsync(secure.Certificates.Of(role, WorkerFixture.Tenant), WorkerFixture.Tenant));

    public static TheoryData<string, Role> EveryCall
    {
        get
        {
            var calls = new TheoryData<string, Role>();
            foreach (var method in Protocol.V1.Gate.Descriptor.Methods)
            {
                foreach (var role in Enum.GetValues<Role>())
                {
                    calls.Add($"/{method.Service.FullName}/{method.Name}", role);
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCall))]
    public async Task Every_method_of_the_gate_is_a_tenants_or_an_operators_and_nobody_elses(string method, Role role)
    {
        using var channel = ChannelTo(secure.Certificates.Of(role, WorkerFixture.Tenant));

        // Nothing is said, so what is open to the role is refused for that, or for the tenant that was not named.
        var refused = await RawCall.RefusalAsync(channel, method, [], TestContext.Current.CancellationToken);

        Assert.Equal(role is not (Role.Tenant or Role.Operator), refused is not null && ErrorTable.ReasonOf(refused) == ErrorReason.RoleNotAllowed);
    }

    [Fact]
    public async Task A_certificate_without_an_identity_invokes_nothing() => Assert.Equal(
        (StatusCode.Unauthenticated, ErrorReason.NoIdentity), await RefusedAsync(secure.Certificates.Odd([]), WorkerFixture.Tenant));

    [Fact]
    public async Task Without_a_certificate_the_gate_answers_nothing() => Assert.Equal(ErrorReason.Unspecified, (await RefusedAsync(null, WorkerFixture.Tenant)).Reason);

    [Fact]
    public async Task A_certificate_of_another_authority_is_answered_nothing()
    {
        using var others = new TestCertificates();
        Assert.Equal(ErrorReason.Unspecified, (await RefusedAsync(others.Of(Role.Operator, "root"), WorkerFixture.Tenant)).Reason);
    }

    [Fact]
    public void The_gate_is_advertised_as_https() => Assert.StartsWith("https://127.0.0.1:", secure.Worker.Plane.LastHello.Endpoint, StringComparison.Ordinal);

    private async Task<(StatusCode Code, ErrorReason Reason)> RefusedAsync(TlsFiles? caller, string tenant)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => InvokeAsync(caller, tenant, "x"));
        return (error.StatusCode, ErrorTable.ReasonOf(error));
    }

    private async Task<string> InvokeAsync(TlsFiles? caller, string tenant, string payload)
    {
        using var channel = ChannelTo(caller);
        var request = new InvokeRequest
        {
            Sandbox = new SandboxId { Position = Sandbox },
            Fence = new FencingToken { Epoch = 1, Position = Granted },
            Payload = ByteString.CopyFromUtf8(payload),
            Tenant = tenant,
        };
        return (await new Protocol.V1.Gate.GateClient(channel).InvokeAsync(request, cancellationToken: TestContext.Current.CancellationToken)).Payload.ToStringUtf8();
    }

    private GrpcChannel ChannelTo(TlsFiles? caller) => GrpcChannel.ForAddress(
        secure.Worker.Plane.LastHello.Endpoint, new GrpcChannelOptions { HttpHandler = TestCertificates.Credulous(caller), DisposeHttpClient = true });

    /// <summary>One worker with one sandbox, leased to <see cref="WorkerFixture.Tenant"/>.</summary>
    public sealed class SecureWorker : IAsyncLifetime
    {
        private TlsSettings? _planeTls;

        internal TestCertificates Certificates { get; } = new();

        internal WorkerFixture Worker { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _planeTls = TlsSettings.Open(Certificates.Node("node-1"), OwnCertificate.OfNode("node-1"), TimeProvider.System);
            Worker = await WorkerFixture.StartAsync(options => options.Tls = Certificates.Of(Role.Worker, options.Name), _planeTls);
            await Worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
            Worker.Grant(Sandbox, Granted);
            await Worker.ObeyedAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Worker.DisposeAsync();
            _planeTls?.Dispose();
            Certificates.Dispose();
        }
    }
}
