using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

/// <summary>Whatever is wrong with a request: the documented code and reason, and not one entry in the journal.</summary>
public sealed class BadRequestTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public static TheoryData<string, Action<AllocateRequest>> BadFields => new()
    {
        { "request_id", r => r.RequestId = ByteString.CopyFrom(1, 2, 3) },
        { "ttl_ms", r => r.TtlMs = -1 },
        { "cold_policy", r => r.ColdPolicy = (ColdPolicy)99 },
        { "tenant", r => r.Tenant = "a b" },
        { "count", r => r.Count = 101 },
        { "selectors", r => r.Selectors.AddRange(Enumerable.Range(0, 9).Select(_ => new Selector())) },
    };

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        await _node.DeployAsync();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [MemberData(nameof(BadFields), DisableDiscoveryEnumeration = true)]
    public async Task A_field_at_fault_is_an_invalid_argument_that_names_it(string field, Action<AllocateRequest> spoil)
    {
        var request = TestNode.Request();
        spoil(request);

        var error = await RefusedAsync(StatusCode.InvalidArgument, ErrorReason.InvalidField, () => _node.Allocator.AllocateAsync(request));

        var details = error.GetRpcStatus()!.GetDetail<Google.Rpc.BadRequest>()!;
        Assert.Equal(field, Assert.Single(details.FieldViolations).Field);
    }

    [Fact]
    public Task An_unknown_function_is_not_found() =>
        RefusedAsync(StatusCode.NotFound, ErrorReason.UnknownFunction, () => _node.Allocator.AllocateAsync(TestNode.Request("nobody")));

    [Fact]
    public Task A_pre_granted_lease_is_not_implemented()
    {
        var request = TestNode.Request();
        request.Durability = Durability.PreGranted;
        return RefusedAsync(StatusCode.Unimplemented, ErrorReason.Unsupported, () => _node.Allocator.AllocateAsync(request));
    }

    [Fact]
    public Task An_unknown_request_is_not_found() => RefusedAsync(
        StatusCode.NotFound,
        ErrorReason.UnknownRequest,
        () => _node.Allocator.LookupRequestAsync(new LookupRequestRequest { Tenant = "acme", RequestId = TestNode.NewId() }));

    [Fact]
    public Task An_unknown_worker_is_not_found() => RefusedAsync(
        StatusCode.NotFound, ErrorReason.UnknownWorker, () => _node.Operator.CordonWorkerAsync(new CordonWorkerRequest { Name = "nobody" }));

    [Fact]
    public Task An_unknown_tenant_is_not_found() => RefusedAsync(
        StatusCode.NotFound, ErrorReason.UnknownTenant, () => _node.Operator.GetTenantAsync(new GetTenantRequest { Tenant = "nobody" }));

    [Fact]
    public Task An_unknown_journal_is_not_found() => RefusedAsync(
        StatusCode.NotFound, ErrorReason.UnknownJournal, () => _node.Journal.CheckTailAsync(new CheckTailRequest { Journal = "nothing" }));

    [Fact]
    public Task The_worker_managers_journal_takes_no_appends() => RefusedAsync(
        StatusCode.FailedPrecondition,
        ErrorReason.JournalOwned,
        () => _node.Journal.AppendAsync(new AppendRequest { Journal = "wm-0", Entries = { ByteString.CopyFromUtf8("x") } }));

    [Fact]
    public Task A_payload_that_is_too_large_is_an_invalid_argument() => RefusedAsync(
        StatusCode.InvalidArgument,
        ErrorReason.InvalidField,
        () => _node.Journal.AppendAsync(new AppendRequest { Journal = "jobs", Entries = { ByteString.CopyFrom(new byte[(256 * 1024) + 1]) } }));

    [Fact]
    public Task A_position_in_the_future_is_out_of_range() => RefusedAsync(
        StatusCode.OutOfRange,
        ErrorReason.BeyondTail,
        () => _node.Inspect.StateAtAsync(new StateAtRequest { Position = 1_000_000 }));

    [Fact]
    public async Task A_message_that_is_larger_than_any_good_one_is_refused_unread()
    {
        var before = await _node.TailAsync("jobs");
        var request = new AppendRequest { Journal = "jobs", Entries = { ByteString.CopyFrom(new byte[7 * 1024 * 1024]) } };

        var error = await Assert.ThrowsAsync<RpcException>(() => _node.Journal.AppendAsync(request, cancellationToken: TestNode.Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(before, await _node.TailAsync("jobs"));
    }

    [Fact]
    public async Task A_deadline_that_has_passed_leaves_no_trace()
    {
        var before = await _node.TailAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            () => _node.Allocator.AllocateAsync(TestNode.Request(), deadline: DateTime.UtcNow.AddSeconds(-1), cancellationToken: TestNode.Cancellation).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(before, await _node.TailAsync());
    }

    [Fact]
    public async Task A_call_that_was_cancelled_leaves_no_trace()
    {
        var before = await _node.TailAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            () => _node.Allocator.AllocateAsync(TestNode.Request(), cancellationToken: new CancellationToken(canceled: true)).ResponseAsync);

        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.Equal(before, await _node.TailAsync());
    }

    private async Task<RpcException> RefusedAsync<TResponse>(StatusCode code, ErrorReason reason, Func<AsyncUnaryCall<TResponse>> call)
    {
        var before = (await _node.TailAsync(), await _node.TailAsync("jobs"));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call());

        Assert.Equal((code, reason), (error.StatusCode, ErrorTable.ReasonOf(error)));
        Assert.Equal(before, (await _node.TailAsync(), await _node.TailAsync("jobs")));
        return error;
    }
}
