using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Changes;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager.Outcomes;
using Grpc.Core;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Services;

/// <summary>Leases on warm sandboxes. Every answer of a grant is durable first; whatever is refused left no trace in the journal.</summary>
internal sealed class AllocatorService(PartitionCalls calls, PastStates past, TrimmedNames trimmed, Stopping stopping) : Allocator.AllocatorBase
{
    public override async Task<AllocateResponse> Allocate(AllocateRequest request, ServerCallContext context)
    {
        var granted = await GrantAsync(request, context);
        return granted.ToWire(calls.Partition.Committed);
    }

    public override async Task<AllocateBatchResponse> AllocateBatch(AllocateBatchRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var requests = AllocateRequests.Batch(checks, request);
        checks.ThrowIfAny();
        ThrowIfPreGranted(request.Requests);
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
            : await calls.CallAsync<RenewAnswered>(call => new Commands.Renew(call, tenant, items.Good), context);
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
            : await calls.CallAsync<ReleaseAnswered>(call => new Commands.Release(call, tenant, items.Good), context);
        return answered.ToWire(items);
    }

    public override async Task<LookupRequestResponse> LookupRequest(LookupRequestRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var (tenant, id) = (checks.Tenant("tenant", request.Tenant), checks.RequestId("request_id", request.RequestId));
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
        checks.ThrowIfAny();
        var cancelled = await calls.CallAsync<RequestCancelled>(call => new Commands.CancelRequest(call, tenant, id), context);
        return new CancelRequestResponse { Ended = (uint)cancelled.Ended, WasWaiting = cancelled.WasWaiting };
    }

    public override async Task<ExplainResponse> Explain(ExplainRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var read = AllocateRequests.Explain(checks, request.Request);
        checks.ThrowIfAny();
        var explained = request.Position == 0
            ? await calls.CallAsync<Explained>(call => new Commands.Explain(call, read, AssumeConnected: false), context)
            : await past.ExplainAsync(new SequenceNumber(request.Position), read, context.CancellationToken);
        return explained.ToWire();
    }

    public override async Task Watch(WatchRequest request, IServerStreamWriter<WatchResponse> responseStream, ServerCallContext context)
    {
        var checks = new FieldChecks();
        checks.OptionalTenant("tenant", request.Tenant);
        checks.Require(request.Partition == calls.Partition.Options.Partition.Value, "partition", $"this node leads partition {calls.Partition.Options.Partition}");
        checks.ThrowIfAny();
        using var end = stopping.Or(context.CancellationToken);
        await WatchStream.RunAsync(calls.Partition, trimmed, request, responseStream, end.Token);
    }

    public override async Task<ListLeasesResponse> ListLeases(ListLeasesRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.OptionalTenant("tenant", request.Tenant);
        FunctionName? function = request.Function.Length == 0 ? null : checks.Function("function", request.Function);
        var after = request.After is null ? default : checks.Lease("after", request.After).Position;
        var limit = LeaseRequests.PageSize(checks, request.Limit);
        checks.ThrowIfAny();
        var (leases, position) = await calls.ReadAsync(
            request.MinPosition,
            core => (core.State.HeldLeases(after, tenant, function).Take(limit + 1).ToList(), core.Applied), context);
        var response = new ListLeasesResponse { Position = position.Value, More = leases.Count > limit };
        foreach (var lease in leases.Take(limit))
        {
            response.Leases.Add(lease.ToWire(position));
        }

        return response;
    }

    /// <summary>One allocation; a refusal is thrown.</summary>
    internal ValueTask<Granted> GrantAsync(AllocateRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var read = AllocateRequests.Allocate(checks, request);
        checks.ThrowIfAny();
        ThrowIfPreGranted([request]);
        return calls.CallAsync<Granted>(call => new Commands.Allocate(call, read), context);
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
