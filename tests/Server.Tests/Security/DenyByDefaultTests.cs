using ControlPlane.Access;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Server.Tests.Security;

/// <summary>The interceptor alone, with what no mapped service can show: a method that the table forgot, and a connection that is not secured.</summary>
public sealed class DenyByDefaultTests
{
    private const string Known = "/grpc.health.v1.Health/Check";

    [Fact]
    public Task A_method_without_a_rule_is_refused_to_the_operator_too() =>
        RefusedAsync("/controlplane.v1.Operator/Everything", new ConnectedPeer(new PeerIdentity(Role.Operator, "root")), ErrorReason.RoleNotAllowed);

    [Fact]
    public Task A_call_that_did_not_come_over_tls_is_refused() => RefusedAsync(Known, null, ErrorReason.NoIdentity);

    [Fact]
    public async Task What_the_table_allows_goes_on_to_the_service() =>
        Assert.Equal("answer", await CallAsync(Known, new ConnectedPeer(null)));

    private static async Task RefusedAsync(string method, ConnectedPeer? peer, ErrorReason reason) =>
        Assert.Equal(reason, ErrorTable.ReasonOf(await Assert.ThrowsAsync<RpcException>(() => CallAsync(method, peer))));

    private static async Task<string> CallAsync(string method, ConnectedPeer? peer)
    {
        var http = new DefaultHttpContext();
        http.Features.Set(peer);
        return await new AccessInterceptor().UnaryServerHandler("request", new Call(method, http), (_, _) => Task.FromResult("answer"));
    }

    /// <summary>As much of a call as the interceptor looks at.</summary>
    private sealed class Call(string method, HttpContext http) : ServerCallContext
    {
        protected override string MethodCore => method;

        protected override string HostCore => "";

        protected override string PeerCore => "";

        protected override DateTime DeadlineCore => DateTime.MaxValue;

        protected override Metadata RequestHeadersCore { get; } = [];

        protected override CancellationToken CancellationTokenCore => CancellationToken.None;

        protected override Metadata ResponseTrailersCore { get; } = [];

        protected override Status StatusCore { get; set; }

        protected override WriteOptions? WriteOptionsCore { get; set; }

        protected override AuthContext AuthContextCore { get; } = new("", []);

        // Where grpc-dotnet looks for the HTTP context of a call that is not its own.
        protected override IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object> { ["__HttpContext"] = http };

        protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => throw new NotSupportedException();

        protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
    }
}
