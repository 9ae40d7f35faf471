using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager.Outcomes;
using Grpc.Core;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Services;

/// <summary>Leases on warm sandboxes. Every answer of a grant is durable first; whatever is refused left no trace in the journal.</summary>
internal sealed class AllocatorService(ServedPartitions partitions, HostedJournals journals, Stopping stopping) : Allocator.AllocatorBase
{
    public override async Task<AllocateResponse> Allocate(AllocateRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var read = AllocateRequests.Allocate(checks, request);
        checks.ThrowIfAny();
        ThrowIfPreGranted([request]);
        var calls = partitions.Of(read.Function).Calls;
        var granted = await calls.CallAsync<Granted>(call => new Commands.Allocate(call, read), context);
        return granted.ToWire(calls.Partition.Committed);
    }

    public override async Task<AllocateBatchResponse> AllocateBatch(AllocateBatchRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var requests = AllocateRequests.Batch(checks, request, partitions.Map);
        checks.ThrowIfAny();
        ThrowIfPreGranted(request.Requests);
        var calls = partitions.Of(requests[0].Function).Calls;
        var answered = await calls.CallAsync<BatchAnswered>(call => new Commands.AllocateBatch(call, requests, request.Atomic), context);
        var response = new AllocateBatchResponse();
        foreach (var outcome in answered.Outcomes)
        {
            response.Outcomes.Add(outcome.ToWire(calls.Partition.Committed));
        }

        return response;
    }

    public override Task AllocateStream(
        IAsyncStreamReader<AllocateStreamRequest> requestStream, IServerStreamWriter<AllocateStreamResponse> responseStream, ServerCallContext context) =>
        new AllocateExchange(this, requestStream, responseStream, context, stopping).RunAsync();

    public override async Task<RenewResponse> Renew(RenewRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.Tenant("tenant", request.Tenant);
        var items = LeaseRequests.Renew(checks, request);
        checks.ThrowIfAny();
        var answered = items.Good.Count == 0
            ? null
            : await partitions.Of(items.Good[0].Lease.Id.Partition).Calls.CallAsync<RenewAnswered>(call => new Commands.Renew(call, tenant, items.Good), context);
        return answered.ToWire(items);
    }

    public override async Task<ReleaseResponse> Release(ReleaseRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.Tenant("tenant", request.Tenant);
        var items = LeaseRequests.Release(checks, request);
        checks.ThrowIfAny();
        var answered = items.Good.Count == 0
            ? null
            : await partitions.Of(items.Good[0].Id.Partition).Calls.CallAsync<ReleaseAnswered>(call => new Commands.Release(call, tenant, items.Good), context);
        return answered.ToWire(items);
    }

    public override async Task<LookupRequestResponse> LookupRequest(LookupRequestRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var (tenant, id) = (checks.Tenant("tenant", request.Tenant), checks.RequestId("request_id", request.RequestId));
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        var found = await calls.CallAsync<RequestFound>(call => new Commands.LookupRequest(call, tenant, id), context);
        var response = new LookupRequestResponse { State = (LookupRequestResponse.Types.State)found.State };
        foreach (var lease in found.Leases)
        {
            response.Leases.Add(lease.ToWire(calls.Partition.Committed));
        }

        return response;
    }

    public override async Task<CancelRequestResponse> CancelRequest(CancelRequestRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var (tenant, id) = (checks.Tenant("tenant", request.Tenant), checks.RequestId("request_id", request.RequestId));
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        var cancelled = await calls.CallAsync<RequestCancelled>(call => new Commands.CancelRequest(call, tenant, id), context);
        return new CancelRequestResponse { Ended = (uint)cancelled.Ended, WasWaiting = cancelled.WasWaiting };
    }

    public override async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var read = AllocateRequests.Explain(checks, request.Request);
        checks.ThrowIfAny();
        var partition = partitions.Of(read.Function);
        var explained = request.Position == 0
            ? await partition.Calls.CallAsync<Explained>(call => new Commands.Explain(call, read, AssumeConnected: false), context)
            : await partition.Past.ExplainAsync(new SequenceNumber(request.Position), read, context.CancellationToken);
        return explained.ToWire();
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        var checks = new FieldChecks();
        checks.OptionalTenant("tenant", request.Tenant);
        var partition = partitions.Asked(checks, request.Partition);
        checks.ThrowIfAny();
        var from = await journals.All.Single(journal => journal.Partition == partition).BeginAsync(request.FromPosition, context);
        using var end = stopping.Or(context.CancellationToken);
        await WatchStream.RunAsync(partition.Host, partition.Trimmed, from, request, responseStream, end.Token);
    }

    public override async Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.OptionalTenant("tenant", request.Tenant);
        FunctionName? function = request.Function.Length == 0 ? null : checks.Function("function", request.Function);
        var after = request.After is null ? default : checks.Lease("after", request.After).Position;
        var limit = LeaseRequests.PageSize(checks, request.Limit);
        var partition = partitions.Asked(checks, request.Partition);
        checks.ThrowIfAny();
        var (leases, position) = await partition.Calls.ReadAsync(
            request.MinPosition,
            core => (core.State.HeldLeases(after, tenant, function).Take(limit + 1).ToList(), core.Applied), context);
        var response = new ListLeasesResponse { Position = position.Value, More = leases.Count > limit };
        foreach (var lease in leases.Take(limit))
        {
            response.Leases.Add(lease.ToWire(position));
        }

        return response;
    }

    public override async Task<GetPartitionsResponse> GetPartitions(GetPartitionsRequest request, ServerCallContext context)
    {
        var response = new GetPartitionsResponse { Slots = PartitionMap.SlotCount };
        foreach (var partition in partitions.All)
        {
            response.Partitions.Add(new GetPartitionsResponse.Types.Partition
            {
                Partition_ = partition.Host.Options.Partition.Value,
                Leader = await partition.Calls.LeaderAsync(context),
            });
        }

        return response;
    }

    /// <summary>One allocation; a refusal is part of the answer.</summary>
    internal async ValueTask<AllocateOutcome> AllocateItemAsync(AllocateRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var read = AllocateRequests.Allocate(checks, request);
        if (!checks.AllGood)
        {
            return new AllocateOutcome { Refused = checks.Violations.ToRefusal() };
        }

        if (request.Durability == Durability.PreGranted)
        {
            return new AllocateOutcome { Refused = Rejections.Refuse(ErrorReason.Unsupported, Refusals.PreGrantedMessage) };
        }

        var calls = partitions.Of(read.Function).Calls;
        var outcome = await calls.CallAsync(call => new Commands.Allocate(call, read), context);
        return outcome.ToWire(calls.Partition.Committed);
    }

    private static void ThrowIfPreGranted(IEnumerable<AllocateRequest> requests)
    {
        if (requests.Any(request => request.Durability == Durability.PreGranted))
        {
            throw Refusals.PreGrantedUnsupported();
        }
    }
}
