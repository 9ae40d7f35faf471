using System.Runtime.CompilerServices;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>
/// What an operator does. Every change is durable when its call returns, and all of them may be repeated: the calls repeat
/// themselves until their deadline. What is to hold in the whole plane is said to each partition, one after another: if one of them cannot be reached
/// the call throws, and is to be repeated.
/// </summary>
public sealed class OperatorClient
{
    private readonly PartitionCaller _partitions;
    private readonly StreamFollower _streams;
    private readonly PlaneRoutes _routes;

    internal OperatorClient(PartitionCaller partitions, StreamFollower streams, PlaneRoutes routes)
    {
        _partitions = partitions;
        _streams = streams;
        _routes = routes;
    }

    /// <summary>Makes a function, or its next version, allocatable.</summary>
    public Task<DeployFunctionResponse> DeployFunctionAsync(DeployFunctionRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _partitions.OfFunctionAsync(CallKind.Idempotent, request.Function?.Name ?? "", (e, o) => e.Operator.DeployFunctionAsync(request, o), cancellation);
    }

    /// <summary>The deployed functions, in order of their names.</summary>
    public async Task<ListFunctionsResponse> ListFunctionsAsync(bool allVersions = false, CancellationToken cancellation = default)
    {
        var answers = await _partitions.EachAsync(
            CallKind.Read, (p, e, o) => e.Operator.ListFunctionsAsync(new ListFunctionsRequest { AllVersions = allVersions, Partition = p.Value }, o), cancellation).ConfigureAwait(false);
        return answers.Count == 1
            ? answers[0]
            : new ListFunctionsResponse { Functions = { answers.SelectMany(answer => answer.Functions).OrderBy(status => status.Function.Name, StringComparer.Ordinal) } };
    }

    /// <summary>No new leases of it; its sandboxes end as they become free.</summary>
    public Task DeleteFunctionAsync(string name, CancellationToken cancellation = default) =>
        _partitions.OfFunctionAsync(CallKind.Idempotent, name, (e, o) => e.Operator.DeleteFunctionAsync(new DeleteFunctionRequest { Name = name }, o), cancellation);

    /// <summary>The known workers, also lost ones, each with what all partitions know of it.</summary>
    public async Task<ListWorkersResponse> ListWorkersAsync(CancellationToken cancellation = default)
    {
        var answers = await _partitions.EachAsync(
            CallKind.Read, (p, e, o) => e.Operator.ListWorkersAsync(new ListWorkersRequest { Partition = p.Value }, o), cancellation).ConfigureAwait(false);
        return answers.Count == 1 ? answers[0] : new ListWorkersResponse { Workers = { WorkerParts.Join(answers.SelectMany(answer => answer.Workers)) } };
    }

    /// <summary>Nothing new on the worker.</summary>
    public Task CordonWorkerAsync(string name, CancellationToken cancellation = default) => OfWorkerAsync(
        (p, e, o) => e.Operator.CordonWorkerAsync(new CordonWorkerRequest { Name = name, Partition = p.Value }, o), cancellation);

    /// <summary>The worker takes new sandboxes again.</summary>
    public Task UncordonWorkerAsync(string name, CancellationToken cancellation = default) => OfWorkerAsync(
        (p, e, o) => e.Operator.UncordonWorkerAsync(new UncordonWorkerRequest { Name = name, Partition = p.Value }, o), cancellation);

    /// <summary>Nothing new on the worker; its leases may finish within <paramref name="deadline"/> and are ended then.</summary>
    public Task DrainWorkerAsync(string name, TimeSpan deadline, CancellationToken cancellation = default) => OfWorkerAsync(
        (p, e, o) => e.Operator.DrainWorkerAsync(new DrainWorkerRequest { Name = name, DeadlineMs = (long)deadline.TotalMilliseconds, Partition = p.Value }, o), cancellation);

    /// <summary>
    /// Hands the leadership of a partition to another node, and answers where it is reached (empty: not known yet). Empty <paramref name="node"/>: whichever
    /// holds most.
    /// </summary>
    public async Task<string> HandOverAsync(string node = "", PartitionId partition = default, CancellationToken cancellation = default) =>
        (await _partitions.OneAsync(
            CallKind.Once, partition, (p, e, o) => e.Operator.HandOverAsync(new HandOverRequest { Node = node, Partition = p.Value }, o), cancellation).ConfigureAwait(false)).Leader;

    /// <summary>Hands a journal for general use to another node's writer, as <see cref="HandOverAsync"/> a partition.</summary>
    public Task<HandOverResponse> HandOverJournalAsync(string journal, string node = "", CancellationToken cancellation = default) =>
        _partitions.OfJournalAsync(CallKind.Once, journal, (e, o) => e.Operator.HandOverAsync(new HandOverRequest { Node = node, Journal = journal }, o), cancellation);

    /// <summary>
    /// Replaces a replica of a journal online, and tells how far it is; the last that is told is that it was replaced. Finds the leader by itself. To end
    /// the enumeration earlier gives up, as far as nothing has changed yet; after any failure the same call goes on where it was.
    /// </summary>
    /// <exception cref="ControlPlaneException"><see cref="ErrorReason.NoReplacement"/>: which replica leaves or joins cannot be told, or it did not come to its end.</exception>
    public async IAsyncEnumerable<ReplaceReplicaProgress> ReplaceReplicaAsync(
        ReplaceReplicaRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var addresses = _routes.OfJournal(request.Journal);
        await foreach (var progress in _streams.FollowAsync(addresses, 0, (e, _, o) => e.Operator.ReplaceReplica(request, o), _ => 0, cancellation).ConfigureAwait(false))
        {
            yield return progress;
            if (progress.Stage == ReplaceReplicaProgress.Types.Stage.Replaced)
            {
                yield break;
            }
        }
    }

    /// <summary>How many leases a tenant may hold in each partition; 0 = the default applies.</summary>
    public Task SetTenantLimitAsync(string tenant, uint leaseLimit, CancellationToken cancellation = default) => _partitions.EachAsync(
        CallKind.Idempotent,
        (p, e, o) => e.Operator.SetTenantLimitAsync(new SetTenantLimitRequest { Tenant = tenant, LeaseLimit = leaseLimit, Partition = p.Value }, o),
        cancellation);

    /// <summary>A tenant's limit in each partition, and its use in all of them.</summary>
    public async Task<GetTenantResponse> GetTenantAsync(string tenant, CancellationToken cancellation = default)
    {
        var answers = await _partitions.EachThatKnowsAsync(
            CallKind.Read, ErrorReason.UnknownTenant, (p, e, o) => e.Operator.GetTenantAsync(new GetTenantRequest { Tenant = tenant, Partition = p.Value }, o), cancellation)
            .ConfigureAwait(false);
        return new GetTenantResponse { Tenant = tenant, LeaseLimit = answers[0].LeaseLimit, InUse = (uint)answers.Sum(answer => answer.InUse) };
    }

    /// <summary>The journaled rules, of the first partition; <see cref="SetSettingsAsync"/> keeps them the same in all.</summary>
    public Task<Settings> GetSettingsAsync(CancellationToken cancellation = default) =>
        _partitions.OneAsync(CallKind.Read, default, (_, e, o) => e.Operator.GetSettingsAsync(new GetSettingsRequest(), o), cancellation);

    /// <summary>Replaces the journaled rules of every partition.</summary>
    public async Task<Settings> SetSettingsAsync(Settings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var answers = await _partitions.EachAsync(
            CallKind.Idempotent, (p, e, o) => e.Operator.SetSettingsAsync(new Settings(settings) { Partition = p.Value }, o), cancellation).ConfigureAwait(false);
        return answers[0];
    }

    /// <summary>Writes a snapshot of a partition's state now.</summary>
    public Task<TakeSnapshotResponse> TakeSnapshotAsync(PartitionId partition = default, CancellationToken cancellation = default) =>
        _partitions.OneAsync(CallKind.Idempotent, partition, (p, e, o) => e.Operator.TakeSnapshotAsync(new TakeSnapshotRequest { Partition = p.Value }, o), cancellation);

    /// <summary>A node's role in a partition, positions and counts: of whichever node is asked just now.</summary>
    public Task<GetStatusResponse> GetStatusAsync(PartitionId partition = default, CancellationToken cancellation = default) =>
        _partitions.OneAsync(CallKind.Read, partition, (p, e, o) => e.Operator.GetStatusAsync(new GetStatusRequest { Partition = p.Value }, o), cancellation);

    // A worker that is too small to have a share for each is known to some only.
    private Task<IReadOnlyList<T>> OfWorkerAsync<T>(PartitionCaller.Send<T> send, CancellationToken cancellation) =>
        _partitions.EachThatKnowsAsync(CallKind.Idempotent, ErrorReason.UnknownWorker, send, cancellation);
}
