using System.Collections.Frozen;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Google.Protobuf.Reflection;

namespace ControlPlane.Access;

/// <summary>
/// Who may call what: every method of every service that nodes and workers serve, once. What is not here, nobody may call.
/// </summary>
public static class AccessTable
{
    private static readonly Role[] OperatorOnly = [Role.Operator];

    /// <summary>All rules.</summary>
    public static IReadOnlyList<AccessRule> Rules { get; } =
    [
        OfTenant<AllocateRequest>(Allocator.Descriptor, "Allocate", (request, name) => request.Tenant == name),
        OfTenant<AllocateBatchRequest>(Allocator.Descriptor, "AllocateBatch", (request, name) => request.Requests.All(one => one.Tenant == name)),
        OfTenant<AllocateStreamRequest>(Allocator.Descriptor, "AllocateStream", SpeaksOnlyOf),
        OfTenant<RenewRequest>(Allocator.Descriptor, "Renew", (request, name) => request.Tenant == name),
        OfTenant<ReleaseRequest>(Allocator.Descriptor, "Release", (request, name) => request.Tenant == name),
        OfTenant<LookupRequestRequest>(Allocator.Descriptor, "LookupRequest", (request, name) => request.Tenant == name),
        OfTenant<CancelRequestRequest>(Allocator.Descriptor, "CancelRequest", (request, name) => request.Tenant == name),
        OfTenant<ExplainRequest>(Allocator.Descriptor, "Explain", (request, name) => request.Request is null || request.Request.Tenant == name),
        OfTenant<WatchRequest>(Allocator.Descriptor, "Watch", (request, name) => request.Tenant == name),
        OfTenant<ListLeasesRequest>(Allocator.Descriptor, "ListLeases", (request, name) => request.Tenant == name),

        // Speaks of nobody, and everybody who dials the plane needs it.
        new(NameOf(Allocator.Descriptor, "GetPartitions"), [], AnyCertificate: true),

        OfTenant<InvokeRequest>(Gate.Descriptor, "Invoke", (request, name) => request.Tenant == name),

        Bound<WorkerMessage>(WorkerSessions.Descriptor, "Connect", [Role.Worker], Role.Worker, (message, name) => message.Hello is null || message.Hello.Name == name),

        .. OperatorsOf(Operator.Descriptor),
        .. OperatorsOf(Inspect.Descriptor),

        OfJournal<AppendRequest>("Append", (request, name) => request.Journal == name),
        OfJournal<AppendStreamRequest>("AppendStream", (request, name) => request.Appends.All(append => append.Journal == name)),
        OfJournal<ReadRequest>("Read", (request, name) => request.Journal == name),
        OfJournal<TailRequest>("Tail", (request, name) => request.Journal == name),
        OfJournal<CheckTailRequest>("CheckTail", (request, name) => request.Journal == name),
        OfJournal<FenceRequest>("Fence", (request, name) => request.Journal == name),
        OfJournal<TrimRequest>("Trim", (request, name) => request.Journal == name),
        OfJournal<PutSnapshotRequest>("PutSnapshot", (part, name) => part.Begin is null || part.Begin.Journal == name),
        OfJournal<GetSnapshotRequest>("GetSnapshot", (request, name) => request.Journal == name),
        OfJournal<JournalStatusRequest>("Status", (request, name) => request.Journal == name),

        new("/grpc.health.v1.Health/Check", [], AnyCertificate: true),
        new("/grpc.health.v1.Health/List", [], AnyCertificate: true),
        new("/grpc.health.v1.Health/Watch", [], AnyCertificate: true),
        new("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", OperatorOnly),
        new("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", OperatorOnly),
    ];

    private static readonly FrozenDictionary<string, AccessRule> ByMethod = Rules.ToFrozenDictionary(rule => rule.Method, StringComparer.Ordinal);

    /// <summary>The rule of a method, or null: nobody may call it.</summary>
    public static AccessRule? Find(string method) => ByMethod.GetValueOrDefault(method);

    // A service whose every method changes or shows the whole plane: a new method of it is the operator's by its nature.
    private static IEnumerable<AccessRule> OperatorsOf(ServiceDescriptor service) =>
        service.Methods.Select(method => new AccessRule(NameOf(service, method.Name), OperatorOnly));

    private static AccessRule OfTenant<TRequest>(ServiceDescriptor service, string method, Func<TRequest, string, bool> speaksOnlyOf) =>
        Bound(service, method, [Role.Tenant, Role.Operator], Role.Tenant, speaksOnlyOf);

    private static AccessRule OfJournal<TRequest>(string method, Func<TRequest, string, bool> speaksOnlyOf) =>
        Bound(Journal.Descriptor, method, [Role.Journal, Role.Operator], Role.Journal, speaksOnlyOf);

    private static AccessRule Bound<TRequest>(
        ServiceDescriptor service, string method, IReadOnlyList<Role> roles, Role bound, Func<TRequest, string, bool> speaksOnlyOf) =>
        new(NameOf(service, method), roles) { Bound = bound, SpeaksOnlyOf = (message, name) => speaksOnlyOf((TRequest)message, name) };

    private static bool SpeaksOnlyOf(AllocateStreamRequest request, string tenant) => request.RequestCase switch
    {
        AllocateStreamRequest.RequestOneofCase.Allocate => request.Allocate.Tenant == tenant,
        AllocateStreamRequest.RequestOneofCase.Release => request.Release.Tenant == tenant,
        AllocateStreamRequest.RequestOneofCase.Renew => request.Renew.Tenant == tenant,

        // Nothing that this version knows; the service says so.
        _ => true,
    };

    private static string NameOf(ServiceDescriptor service, string method) => $"/{service.FullName}/{method}";
}
