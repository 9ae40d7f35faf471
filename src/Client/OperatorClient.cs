using System.Runtime.CompilerServices;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>
/// What an operator does. Every change is durable when its call returns, and all of them may be repeated: the calls repeat
/// themselves until their deadline.
/// </summary>
public sealed class OperatorClient
{
    private readonly CallRunner _calls;
    private readonly PlaneAddresses _addresses;
    private readonly StreamFollower _streams;
    private readonly ControlPlaneClientOptions _options;

    internal OperatorClient(CallRunner calls, StreamFollower streams, PlaneAddresses addresses, ControlPlaneClientOptions options)
    {
        _calls = calls;
        _streams = streams;
        _addresses = addresses;
        _options = options;
    }

    /// <summary>Makes a function, or its next version, allocatable.</summary>
    public Task<DeployFunctionResponse> DeployFunctionAsync(DeployFunctionRequest request, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.DeployFunctionAsync(request, o), cancellation);

    /// <summary>The deployed functions.</summary>
    public Task<ListFunctionsResponse> ListFunctionsAsync(bool allVersions = false, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Operator.ListFunctionsAsync(new ListFunctionsRequest { AllVersions = allVersions }, o), cancellation);

    /// <summary>No new leases of it; its sandboxes end as they become free.</summary>
    public Task DeleteFunctionAsync(string name, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.DeleteFunctionAsync(new DeleteFunctionRequest { Name = name }, o), cancellation);

    /// <summary>The known workers, also lost ones.</summary>
    public Task<ListWorkersResponse> ListWorkersAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Operator.ListWorkersAsync(new ListWorkersRequest(), o), cancellation);

    /// <summary>Nothing new on the worker.</summary>
    public Task CordonWorkerAsync(string name, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.CordonWorkerAsync(new CordonWorkerRequest { Name = name }, o), cancellation);

    /// <summary>The worker takes new sandboxes again.</summary>
    public Task UncordonWorkerAsync(string name, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.UncordonWorkerAsync(new UncordonWorkerRequest { Name = name }, o), cancellation);

    /// <summary>Nothing new on the worker; its leases may finish within <paramref name="deadline"/> and are ended then.</summary>
    public Task DrainWorkerAsync(string name, TimeSpan deadline, CancellationToken cancellation = default)
    {
        var request = new DrainWorkerRequest { Name = name, DeadlineMs = (long)deadline.TotalMilliseconds };
        return RunAsync(CallKind.Idempotent, (e, o) => e.Operator.DrainWorkerAsync(request, o), cancellation);
    }

    /// <summary>Hands the leadership to another node, and answers where it is reached (empty: not known yet). Empty <paramref name="node"/>: whichever holds most.</summary>
    public async Task<string> HandOverAsync(string node = "", CancellationToken cancellation = default)
    {
        var request = new HandOverRequest { Node = node };
        return (await RunAsync(CallKind.Once, (e, o) => e.Operator.HandOverAsync(request, o), cancellation).ConfigureAwait(false)).Leader;
    }

    /// <summary>
    /// Replaces a replica of a journal online, and tells how far it is; the last that is told is that it was replaced. Finds the leader by itself. To end
    /// the enumeration earlier gives up, as far as nothing has changed yet; after any failure the same call goes on where it was.
    /// </summary>
    /// <exception cref="ControlPlaneException"><see cref="ErrorReason.NoReplacement"/>: which replica leaves or joins cannot be told, or it did not come to its end.</exception>
    public async IAsyncEnumerable<ReplaceReplicaProgress> ReplaceReplicaAsync(
        ReplaceReplicaRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var progress in _streams.FollowAsync(0, (e, _, o) => e.Operator.ReplaceReplica(request, o), _ => 0, cancellation).ConfigureAwait(false))
        {
            yield return progress;
            if (progress.Stage == ReplaceReplicaProgress.Types.Stage.Replaced)
            {
                yield break;
            }
        }
    }

    /// <summary>How many leases a tenant may hold; 0 = the default applies.</summary>
    public Task SetTenantLimitAsync(string tenant, uint leaseLimit, CancellationToken cancellation = default)
    {
        var request = new SetTenantLimitRequest { Tenant = tenant, LeaseLimit = leaseLimit };
        return RunAsync(CallKind.Idempotent, (e, o) => e.Operator.SetTenantLimitAsync(request, o), cancellation);
    }

    /// <summary>A tenant's limit and use.</summary>
    public Task<GetTenantResponse> GetTenantAsync(string tenant, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Operator.GetTenantAsync(new GetTenantRequest { Tenant = tenant }, o), cancellation);

    /// <summary>The journaled rules.</summary>
    public Task<Settings> GetSettingsAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Operator.GetSettingsAsync(new GetSettingsRequest(), o), cancellation);

    /// <summary>Replaces the journaled rules.</summary>
    public Task<Settings> SetSettingsAsync(Settings settings, CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.SetSettingsAsync(settings, o), cancellation);

    /// <summary>Writes a snapshot of the worker manager's state now.</summary>
    public Task<TakeSnapshotResponse> TakeSnapshotAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Idempotent, (e, o) => e.Operator.TakeSnapshotAsync(new TakeSnapshotRequest(), o), cancellation);

    /// <summary>The node's role, positions and counts.</summary>
    public Task<GetStatusResponse> GetStatusAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Operator.GetStatusAsync(new GetStatusRequest(), o), cancellation);

    private Task<T> RunAsync<T>(CallKind kind, CallRunner.Send<T> send, CancellationToken cancellation) =>
        _calls.RunAsync(kind, _addresses, _options.Deadline, send, cancellation);
}
