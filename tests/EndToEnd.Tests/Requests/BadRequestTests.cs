using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Tests;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.EndToEnd.Tests.Requests;

/// <summary>Each kind of bad request once, against a real process: the documented code and reason, and nothing journaled. The details are tested in process.</summary>
public sealed class BadRequestTests(TestRun run) : IAsyncLifetime
{
    private readonly PlaneProcess _plane = new(run.NewDirectory("requests"));
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;


    public async ValueTask InitializeAsync()
    {
        await _plane.StartAsync();
        _channel = PlainChannel.To(_plane.Address);
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client, warm: 0);
    }

    public ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        return _plane.DisposeAsync();
    }

    [Fact]
    public async Task Every_bad_request_is_answered_with_its_code_and_reason_and_leaves_the_journal_as_it_was()
    {
        var lease = (await Allocate(Request())).Leases.Single();
        await InvokeAsync(lease, new byte[1]);
        var tail = await TailAtRestAsync();

        await RefusedAsync(StatusCode.NotFound, ErrorReason.UnknownFunction, Allocate(Request(r => r.Function = "nobody")));
        await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.InvalidField, Allocate(Request(r => r.RequestId = ByteString.CopyFrom(1, 2, 3))));
        await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.InvalidField, Allocate(Request(r => r.TtlMs = -1)));
        await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.InvalidField, Allocate(Request(r => r.ColdPolicy = (ColdPolicy)99)));
        await RefusedAsync(StatusCode.Unimplemented, ErrorReason.Unsupported, Allocate(Request(r => r.Durability = Durability.PreGranted)));
        await RefusedAsync(StatusCode.AlreadyExists, ErrorReason.RequestIdReused, Allocate(Request(r => (r.RequestId, r.TtlMs) = (lease.RequestId, 5_000))));
        await RefusedAsync(StatusCode.DeadlineExceeded, ErrorReason.Unspecified, Allocate(Request(), deadline: DateTime.UtcNow.AddSeconds(-1)));
        await RefusedAsync(StatusCode.Cancelled, ErrorReason.Unspecified, Allocate(Request(), cancellation: new CancellationToken(canceled: true)));
        await RefusedAsync(StatusCode.ResourceExhausted, ErrorReason.Unspecified, Allocate(Request(r => r.Traceparent = new string('x', 7 << 20))));

        Assert.Equal(tail, await TailAtRestAsync());
        Assert.Equal(StatusCode.FailedPrecondition, (await InvokeAsync(Stale(lease), new byte[1]))?.StatusCode);
        Assert.NotNull(await InvokeAsync(lease, new byte[(6 << 20) + 1]));
        Assert.Null(await InvokeAsync(lease, new byte[1]));
        Assert.Equal(tail, await TailAtRestAsync());
    }

    private AsyncUnaryCall<AllocateResponse> Allocate(AllocateRequest request, DateTime? deadline = null, CancellationToken? cancellation = null) =>
        new Allocator.AllocatorClient(_channel).AllocateAsync(request, deadline: deadline, cancellationToken: cancellation ?? Cancellation);

    private static AllocateRequest Request(Action<AllocateRequest>? spoil = null)
    {
        var request = new AllocateRequest
        {
            RequestId = ByteString.CopyFrom(NewIdentifier.Request().ToByteArray()),
            Tenant = "default",
            Function = EchoFunction.Name,
            MaxWaitMs = 30_000,
            TtlMs = 600_000,
        };
        spoil?.Invoke(request);
        return request;
    }

    private static Lease Stale(Lease lease)
    {
        var stale = lease.Clone();
        stale.Fence.Position--;
        return stale;
    }

    private static async Task RefusedAsync(StatusCode code, ErrorReason reason, AsyncUnaryCall<AllocateResponse> call)
    {
        using (call)
        {
            var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
            Assert.Equal((code, reason), (refusal.StatusCode, ErrorTable.ReasonOf(refusal)));
        }
    }

    private static async Task<RpcException?> InvokeAsync(Lease lease, byte[] payload)
    {
        using var gate = PlainChannel.To(lease.Endpoint);
        var request = new InvokeRequest { Sandbox = lease.Sandbox, Fence = lease.Fence, Tenant = "default", Payload = UnsafeByteOperations.UnsafeWrap(payload) };
        try
        {
            await new Gate.GateClient(gate).InvokeAsync(request, cancellationToken: Cancellation);
            return null;
        }
        catch (RpcException refusal)
        {
            return refusal;
        }
    }

    /// <summary>The committed position once nothing is on its way: confirmations of earlier invocations are journaled, too.</summary>
    private async Task<ulong> TailAtRestAsync()
    {
        var seen = 0UL;
        var repeated = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var committed = (await new Operator.OperatorClient(_channel).GetStatusAsync(new GetStatusRequest(), cancellationToken: Cancellation)).Committed;
                repeated = committed == seen ? repeated + 1 : 0;
                seen = committed;
                return repeated == 10;
            },
            () => "the journal rests");
        return seen;
    }
}
