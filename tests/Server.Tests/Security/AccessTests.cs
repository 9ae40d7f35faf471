using System.Collections.Concurrent;
using ControlPlane.Access;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Server.Tests.Security;

/// <summary>Every method that a node serves, called by every kind of caller. Who may is written here a second time, by service.</summary>
public sealed class AccessTests(SecureNode secure) : IClassFixture<SecureNode>
{
    private static readonly ConcurrentDictionary<(SecureNode, string), GrpcChannel> Channels = new();

    /// <summary>A certificate of the authority that names nobody.</summary>
    private const string Nobody = "nobody";

    private static readonly string[] Callers = [.. Enum.GetValues<Role>().Select(PeerIdentity.NameOf), Nobody];

    public static TheoryData<string, string> Calls
    {
        get
        {
            var calls = new TheoryData<string, string>();
            foreach (var method in Contract.OfNode)
            {
                foreach (var caller in Callers)
                {
                    calls.Add(method, caller);
                }
            }

            return calls;
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_method_is_open_to_its_roles_and_to_nobody_else(string method, string caller)
    {
        var refused = await RawCall.RefusalAsync(ChannelOf(caller), method, MessageFor(method), TestNode.Cancellation);

        var reason = refused is null ? ErrorReason.Unspecified : ErrorTable.ReasonOf(refused);
        var expected = Allowed(method).Contains(caller) ? ErrorReason.Unspecified : caller == Nobody ? ErrorReason.NoIdentity : ErrorReason.RoleNotAllowed;
        var seen = reason is ErrorReason.NoIdentity or ErrorReason.RoleNotAllowed ? reason : ErrorReason.Unspecified;
        Assert.True(expected == seen, $"expected {expected}, seen {seen}: {refused}");
    }

    [Fact]
    public void Every_method_of_the_contract_has_a_rule()
    {
        Assert.True(Contract.Services.Count >= 6);
        Assert.DoesNotContain(Contract.Methods, method => AccessTable.Find(method) is null);
    }

    [Fact]
    public void The_node_maps_nothing_that_these_tests_do_not_call_and_all_of_the_contract()
    {
        var mapped = secure.Node.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>().ToList();

        Assert.Subset(Contract.OfNode.ToHashSet(), mapped.ToHashSet());
        Assert.Superset(Contract.OfNode.Intersect(Contract.Methods).ToHashSet(), mapped.ToHashSet());
    }

    [Fact]
    public void A_method_without_a_rule_is_nobodys() => Assert.Null(AccessTable.Find("/controlplane.v1.Allocator/Everything"));

    [Fact]
    public void Every_role_that_is_not_the_operator_is_bound_to_its_name_where_it_may_call() =>
        Assert.All(
            AccessTable.Rules.Where(rule => rule.Roles.Any(role => role != Role.Operator)),
            rule => Assert.Equal(rule.Bound, Assert.Single(rule.Roles, role => role != Role.Operator)));

    [Fact]
    public async Task A_refusal_says_who_asked_for_what_and_who_may()
    {
        var client = new Operator.OperatorClient(secure.Channel(Role.Tenant, "acme"));

        var error = await Assert.ThrowsAsync<RpcException>(() => client.GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        var metadata = ErrorTable.MetadataOf(error);
        Assert.Equal(("controlplane://tenant/acme", "operator"), (metadata["identity"], metadata["allowed"]));
        Assert.Equal("/controlplane.v1.Operator/GetStatus", metadata["method"]);
    }

    private static string[] Allowed(string method) => method.Split('/')[1] switch
    {
        "controlplane.v1.Allocator" when method.EndsWith("/GetPartitions", StringComparison.Ordinal) => Callers,
        "controlplane.v1.Allocator" => ["tenant", "operator"],
        "controlplane.v1.WorkerSessions" => ["worker"],
        "controlplane.v1.Operator" or "controlplane.v1.Inspect" => ["operator"],
        "controlplane.v1.Journal" => ["journal", "operator"],
        "grpc.health.v1.Health" => Callers,
        "grpc.reflection.v1.ServerReflection" or "grpc.reflection.v1alpha.ServerReflection" => ["operator"],
        _ => [],
    };

    private GrpcChannel ChannelOf(string caller) => Channels.GetOrAdd(
        (secure, caller),
        _ => PeerIdentity.TryParseRole(caller, out var role) ? secure.Channel(role, "someone") : secure.Channel(secure.Certificates.Odd([])));

    /// <summary>An empty message is refused or answered at once by everything but a stream, which must have something to say.</summary>
    private static byte[] MessageFor(string method) => method switch
    {
        "/controlplane.v1.Allocator/Watch" => new WatchRequest { FromPosition = 1 }.ToByteArray(),
        _ => [],
    };
}
