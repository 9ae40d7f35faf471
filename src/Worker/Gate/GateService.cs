using System.Diagnostics;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker.RuntimeApi;
using ControlPlane.Worker.Sandboxes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using FencingToken = ControlPlane.Primitives.FencingToken;

namespace ControlPlane.Worker.Gate;

/// <summary>The gRPC shell of the gate: checks the request, waits where the gate says so, and puts outcomes into words of the contract.</summary>
internal sealed class GateService(WorkerAgent agent) : Protocol.V1.Gate.GateBase
{
    private const int TraceIdLengthMax = 256;

    /// <inheritdoc/>
    public override async Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context)
    {
        var (token, tenant) = Check(request);
        var id = request.Sandbox.ToPrimitive();
        var started = agent.Time.GetTimestamp();
        var outcome = await agent.Sandboxes.FindAsync(id, agent.Options.GrantWait, context.CancellationToken) is { } sandbox
            ? await InvokeAsync(sandbox, token, tenant, request, context.CancellationToken)
            : new Answer(GateRefusals.Unknown(id), "", TimeSpan.Zero);
        agent.Metrics.Invoked(agent.Time.GetElapsedTime(started), outcome.Outcome);
        return outcome.Outcome switch
        {
            InvocationOutcome.Answered answered => new InvokeResponse
            {
                Payload = UnsafeByteOperations.UnsafeWrap(answered.Payload),
                DurationUs = (long)outcome.Duration.TotalMicroseconds,
                InvocationId = outcome.InvocationId,
            },
            InvocationOutcome.Failed failed => throw ErrorTable.ToRpcException(
                ErrorReason.FunctionError,
                $"The function failed: {failed.Error.Type}: {failed.Error.Message}",
                [new("type", failed.Error.Type), new("message", failed.Error.Message), new("invocation_id", outcome.InvocationId)]),
            InvocationOutcome.Aborted aborted => throw ErrorTable.ToRpcException(aborted.Reason, aborted.Message, aborted.Metadata),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<Answer> InvokeAsync(
        Sandbox sandbox, FencingToken token, TenantName tenant, InvokeRequest request, CancellationToken cancelled)
    {
        var invocation = new Invocation(Guid.NewGuid().ToString(), request.Payload.Memory, request.TraceId, agent.Time.GetUtcNow() + sandbox.Timeout);
        if (await EnterAsync(sandbox, token, tenant, invocation, cancelled) is { } refusal)
        {
            return new Answer(refusal, invocation.Id, TimeSpan.Zero);
        }

        var outcome = await invocation.Outcome.WaitAsync(cancelled);
        return new Answer(outcome, invocation.Id, agent.Time.GetElapsedTime(invocation.HandedOver));
    }

    /// <summary>Null once the invocation has begun.</summary>
    private async Task<InvocationOutcome.Aborted?> EnterAsync(
        Sandbox sandbox, FencingToken token, TenantName tenant, Invocation invocation, CancellationToken cancelled)
    {
        var arrived = agent.Time.GetTimestamp();
        long? ticket = null;
        try
        {
            while (true)
            {
                var step = sandbox.Step(token, tenant, invocation, ref ticket);
                if (step.Change is not { } change)
                {
                    return step.Refusal;
                }

                var patience = step.ForGrant ? agent.Options.GrantWait - agent.Time.GetElapsedTime(arrived) : Timeout.InfiniteTimeSpan;
                if (step.ForGrant && patience <= TimeSpan.Zero)
                {
                    return GateRefusals.Of(GateVerdict.AwaitGrant, token.Position);
                }

                await Task.WhenAny(change.WaitAsync(patience, agent.Time, cancelled));
                cancelled.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            if (ticket is { } waited)
            {
                sandbox.LeaveQueue(waited);
            }
        }
    }

    private static (FencingToken Token, TenantName Tenant) Check(InvokeRequest request)
    {
        var violations = new List<BadRequest.Types.FieldViolation>();
        Require(request.Sandbox is { Position: > 0 }, "sandbox", "must name a sandbox: its position counts from 1");
        Require(request.Fence is { Position: > 0, Epoch: > 0 }, "fence", "must be the lease's token: epoch and position count from 1");
        Require(request.Payload.Length <= RuntimeApiApplication.PayloadBytesMax, "payload", $"must have at most {RuntimeApiApplication.PayloadBytesMax} bytes");
        Require(request.TraceId.Length <= TraceIdLengthMax && request.TraceId.All(c => c is >= ' ' and <= '~'), "trace_id", $"must be at most {TraceIdLengthMax} printable ASCII characters");
        Require(TenantName.TryCreate(request.Tenant, out var tenant), "tenant", $"must be {Name.Rule}");
        return violations.Count == 0 ? (request.Fence!.ToPrimitive(), tenant) : throw ErrorTable.FieldViolations(violations);

        void Require(bool holds, string field, string description)
        {
            if (!holds)
            {
                violations.Add(new BadRequest.Types.FieldViolation { Field = field, Description = description });
            }
        }
    }

    private readonly record struct Answer(InvocationOutcome Outcome, string InvocationId, TimeSpan Duration);
}
