using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Google.Protobuf;
using Google.Protobuf.Collections;
using LeaseId = ControlPlane.Protocol.V1.LeaseId;

namespace ControlPlane.Client;

/// <summary>
/// Leases sandboxes from a control plane. Guarantee: an allocation that returns is durable and exclusive; one that throws says
/// whether it may have been granted (<see cref="ControlPlaneException.Outcome"/>) and under which request id to ask. Every call
/// ends by its deadline, and repeats itself with the same ids until then when the plane is away or another node leads.
/// </summary>
/// <remarks>Thread-safe; make one for each tenant and keep it. Holds one connection per node and per gate.</remarks>
public sealed class ControlPlaneClient : IDisposable
{
    private readonly ControlPlaneClientOptions _options;
    private readonly EndpointCache _endpoints;
    private readonly PlaneRoutes _routes;
    private readonly RequestLedger _ledger;
    private readonly CallRunner _calls;
    private readonly StreamFollower _streams;
    private readonly PartitionCaller _partitions;

    /// <summary>Connects lazily: nothing is sent before the first call.</summary>
    /// <exception cref="TlsFilesException">The certificate files cannot be used; it says what is wrong with each.</exception>
    /// <exception cref="ArgumentException">An address is plaintext beside <see cref="ControlPlaneClientOptions.Tls"/>.</exception>
    public ControlPlaneClient(ControlPlaneClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _routes = new PlaneRoutes(options.Addresses, tlsOnly: options.Tls is not null);

        // An address that cannot be used is said here, not at the first call.
        _ = _routes.Of(default(PartitionId));
        _endpoints = new EndpointCache(options.Tls is { } files ? TlsSettings.Open(files, OwnCertificate.OfCaller, options.Clock) : null);
        _ledger = new RequestLedger(NewIdentifier.Client());
        _calls = new CallRunner(_endpoints, _routes, options.Retry, options.Clock);
        _streams = new StreamFollower(_endpoints, options);
        _partitions = new PartitionCaller(_calls, _routes, options);
        Operator = new OperatorClient(_partitions, _streams, _routes);
    }

    /// <summary>A client of one node with the default options.</summary>
    public static ControlPlaneClient ForAddress(string address, string tenant = "default") =>
        new(new ControlPlaneClientOptions { Addresses = [address], Tenant = tenant });

    /// <summary>Functions, workers, tenants, settings and status of the same plane.</summary>
    public OperatorClient Operator { get; }

    /// <summary>Leases one sandbox. The handle releases it when disposed.</summary>
    public async Task<LeaseHandle> AllocateAsync(Allocation allocation, CancellationToken cancellation = default) =>
        (await AllocateManyAsync(allocation, 1, cancellation).ConfigureAwait(false))[0];

    /// <summary>Leases <paramref name="count"/> sandboxes, all or none; at most 100.</summary>
    public async Task<IReadOnlyList<LeaseHandle>> AllocateManyAsync(
        Allocation allocation, int count, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(allocation);
        var request = allocation.ToRequest(_options.Tenant, checked((uint)count));
        var id = _ledger.Open(request, allocation.RequestId);
        var sentAt = _options.Clock.GetTimestamp();
        try
        {
            var response = await _calls.RunAsync(
                CallKind.Idempotent, () => _routes.OfFunction(request.Function), _options.Deadline + allocation.MaxWait, (e, o) => e.Allocator.AllocateAsync(request, o), cancellation)
                .ConfigureAwait(false);
            _ledger.Settle(id, request.ClientSequence);
            return [.. response.Leases.Select(lease => new LeaseHandle(this, lease, sentAt, _options.Clock))];
        }
        catch (ControlPlaneException failure)
        {
            if (failure.Outcome is CallOutcome.Refused or CallOutcome.Unreachable)
            {
                _ledger.Settle(id, request.ClientSequence);
            }
            else
            {
                _ledger.KeepOpen(id, request.ClientSequence);
            }

            throw failure.With(requestId: id);
        }
        catch (OperationCanceledException)
        {
            _ledger.KeepOpen(id, request.ClientSequence);
            throw;
        }
    }

    /// <summary>
    /// The handle of a lease that was got elsewhere: by another process, or before a restart. Nothing is asked; the first use tells
    /// whether it is still held. Its time is counted from now, so renew it before relying on <see cref="LeaseHandle.TimeLeft"/>.
    /// </summary>
    public LeaseHandle Adopt(Lease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return new LeaseHandle(this, lease, _options.Clock.GetTimestamp(), _options.Clock);
    }

    /// <summary>Extends one lease.</summary>
    public async Task<RenewResponse.Types.Renewed> RenewAsync(RenewRequest.Types.Item item, CancellationToken cancellation = default)
    {
        var answer = (await RenewAsync([item], cancellation).ConfigureAwait(false))[0];
        return answer.Renewed ?? throw FailureDecoder.Decode(answer.Refused);
    }

    /// <summary>Extends up to 1,000 leases in one call, each for itself: an answer for each, in order.</summary>
    public async Task<IReadOnlyList<RenewResponse.Types.Item>> RenewAsync(
        IReadOnlyList<RenewRequest.Types.Item> items, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return await EachInItsPartitionAsync(
            items,
            item => item.Lease?.Id,
            async (partition, some) =>
            {
                var request = new RenewRequest { Tenant = _options.Tenant, Items = { some } };
                return (await RunAsync(CallKind.Idempotent, partition, (e, o) => e.Allocator.RenewAsync(request, o), cancellation).ConfigureAwait(false)).Items;
            }).ConfigureAwait(false);
    }

    /// <summary>Gives one lease back.</summary>
    public async Task<ReleaseResponse.Types.Released> ReleaseAsync(LeaseRef lease, CancellationToken cancellation = default)
    {
        var answer = (await ReleaseAsync([lease], cancellation).ConfigureAwait(false))[0];
        return answer.Released ?? throw FailureDecoder.Decode(answer.Refused);
    }

    /// <summary>Gives up to 1,000 leases back in one call, each for itself: an answer for each, in order.</summary>
    public async Task<IReadOnlyList<ReleaseResponse.Types.Item>> ReleaseAsync(
        IReadOnlyList<LeaseRef> leases, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(leases);
        return await EachInItsPartitionAsync(
            leases,
            lease => lease.Id,
            async (partition, some) =>
            {
                var request = new ReleaseRequest { Tenant = _options.Tenant, Leases = { some } };
                return (await RunAsync(CallKind.Idempotent, partition, (e, o) => e.Allocator.ReleaseAsync(request, o), cancellation).ConfigureAwait(false)).Items;
            }).ConfigureAwait(false);
    }

    /// <summary>What became of a request, by its id alone, also after failures of client and plane: each partition is asked until one knows it.</summary>
    public async Task<LookupRequestResponse> LookupAsync(RequestId id, CancellationToken cancellation = default)
    {
        var name = ByteString.CopyFrom(id.ToByteArray());
        return await _partitions.FirstThatKnowsAsync(
            CallKind.Read,
            ErrorReason.UnknownRequest,
            (partition, e, o) => e.Allocator.LookupRequestAsync(new LookupRequestRequest { RequestId = name, Tenant = _options.Tenant, Partition = partition.Value }, o),
            cancellation).ConfigureAwait(false);
    }

    /// <summary>Makes sure that a request holds nothing, whatever became of it.</summary>
    public async Task<CancelRequestResponse> CancelAsync(RequestId id, CancellationToken cancellation = default)
    {
        var name = ByteString.CopyFrom(id.ToByteArray());
        var answers = await _partitions.EachAsync(
            CallKind.Idempotent,
            (partition, e, o) => e.Allocator.CancelRequestAsync(new CancelRequestRequest { RequestId = name, Tenant = _options.Tenant, Partition = partition.Value }, o),
            cancellation).ConfigureAwait(false);
        _ledger.Resolve(id);
        return new CancelRequestResponse { Ended = (uint)answers.Sum(answer => answer.Ended), WasWaiting = answers.Any(answer => answer.WasWaiting) };
    }

    /// <summary>What an allocation would do now, or would have done after <paramref name="position"/>, without doing it.</summary>
    public async Task<ExplainResponse> ExplainAsync(Allocation allocation, ulong position = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(allocation);
        var request = new ExplainRequest { Request = allocation.ToRequest(_options.Tenant, 1), Position = position };
        return await _calls.RunAsync(
            CallKind.Read, () => _routes.OfFunction(allocation.Function), _options.Deadline, (e, o) => e.Allocator.ExplainAsync(request, o), cancellation).ConfigureAwait(false);
    }

    /// <summary>One page of the leases that are held now in the partition of the request, in order of their ids.</summary>
    public async Task<ListLeasesResponse> ListLeasesAsync(ListLeasesRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return await RunAsync(CallKind.Read, new PartitionId(request.Partition), (e, o) => e.Allocator.ListLeasesAsync(request, o), cancellation).ConfigureAwait(false);
    }

    /// <summary>The partition that a function belongs to, whether it is deployed or not.</summary>
    public async Task<PartitionId> PartitionOfAsync(FunctionName function, CancellationToken cancellation = default) =>
        new PartitionMap((await GetPartitionsAsync(cancellation).ConfigureAwait(false)).Partitions.Count).Of(function);

    /// <summary>How the plane is divided into partitions, and who leads each as far as the node knows that answers.</summary>
    public Task<GetPartitionsResponse> GetPartitionsAsync(CancellationToken cancellation = default) => _partitions.AskAsync(cancellation);

    /// <summary>
    /// Every committed change from a position on, in order, without gap or repetition, over any number of lost connections. Ends by
    /// cancellation, or by an exception when no node answers for <see cref="ControlPlaneClientOptions.ReconnectWithin"/> or the position was trimmed.
    /// </summary>
    /// <param name="fromPosition">First position wanted; 0 = what is committed from now on.</param>
    /// <param name="tenant">Only this tenant's, or all if empty.</param>
    /// <param name="partition">Which partition: each has positions of its own.</param>
    /// <param name="cancellation">Ends the watch.</param>
    public IAsyncEnumerable<WatchResponse> WatchAsync(ulong fromPosition = 0, string tenant = "", PartitionId partition = default, CancellationToken cancellation = default) =>
        ChangeWatch.FollowAsync(_streams, _routes.Of(partition), this, partition, fromPosition, tenant, cancellation);

    /// <summary>A journal of the plane, by its name or id.</summary>
    public JournalClient Journal(string journal) => new(journal, _calls, _streams, _routes.OfJournal(journal), _options);

    /// <summary>Closes the connections; leases stay held until released or expired.</summary>
    public void Dispose() => _endpoints.Dispose();

    internal async Task<InvokeResponse> InvokeAsync(Lease lease, ReadOnlyMemory<byte> payload, TimeSpan deadline, CancellationToken cancellation)
    {
        var request = new InvokeRequest
        {
            Sandbox = lease.Sandbox,
            Fence = lease.Fence,
            Tenant = _options.Tenant,
            // The payload is only read until the call ends, and the caller waits for that.
            Payload = UnsafeByteOperations.UnsafeWrap(payload),
        };
        var gate = new PlaneAddresses([lease.Endpoint]);
        return await _calls.RunAsync(CallKind.Once, () => gate, deadline, (e, o) => e.Gate.InvokeAsync(request, o), cancellation).ConfigureAwait(false);
    }

    private Task<T> RunAsync<T>(CallKind kind, PartitionId partition, CallRunner.Send<T> send, CancellationToken cancellation) =>
        _calls.RunAsync(kind, () => _routes.Of(partition), _options.Deadline, send, cancellation);

    /// <summary>Asks each partition about its own items, all at once, and puts the answers in the items' order.</summary>
    private static async Task<IReadOnlyList<TAnswer>> EachInItsPartitionAsync<TItem, TAnswer>(
        IReadOnlyList<TItem> items, Func<TItem, LeaseId?> lease, Func<PartitionId, IReadOnlyList<TItem>, Task<RepeatedField<TAnswer>>> ask)
    {
        var groups = Enumerable.Range(0, items.Count).GroupBy(i => new PartitionId(lease(items[i])?.Partition ?? 0)).ToList();
        if (groups.Count <= 1)
        {
            return await ask(groups.Count == 0 ? default : groups[0].Key, items).ConfigureAwait(false);
        }

        var answers = new TAnswer[items.Count];
        await Task.WhenAll(groups.Select(async group =>
        {
            var some = await ask(group.Key, [.. group.Select(i => items[i])]).ConfigureAwait(false);
            foreach (var (place, answer) in group.Zip(some))
            {
                answers[place] = answer;
            }
        })).ConfigureAwait(false);
        return answers;
    }
}
