using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

public sealed class AllocatorServiceTests : IAsyncLifetime
{
    private TestNode _node = null!;
    private TestWorker _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        await _node.DeployAsync();
        _worker = await TestWorker.ConnectAsync(_node);
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_is_granted_renewed_and_released()
    {
        var lease = await LeaseAsync();

        var renewed = await _node.Allocator.RenewAsync(
            new RenewRequest { Tenant = "acme", Items = { new RenewRequest.Types.Item { Lease = Ref(lease), TtlMs = 5_000 } } }, cancellationToken: TestNode.Cancellation);
        var released = await _node.Allocator.ReleaseAsync(
            new ReleaseRequest { Tenant = "acme", Leases = { Ref(lease) } }, cancellationToken: TestNode.Cancellation);
        var again = await _node.Allocator.ReleaseAsync(
            new ReleaseRequest { Tenant = "acme", Leases = { Ref(lease) } }, cancellationToken: TestNode.Cancellation);

        Assert.Equal(lease.Id.Position, lease.Fence.Position);
        Assert.True(lease.CommitPosition >= lease.Id.Position);
        Assert.Equal((1u, 5_000L), (renewed.Items[0].Renewed.RenewSequence, renewed.Items[0].Renewed.TtlMs));
        Assert.False(released.Items[0].Released.Replayed);
        Assert.True(again.Items[0].Released.Replayed);
    }

    [Fact]
    public async Task A_retry_gets_the_same_lease_and_says_so()
    {
        var request = Waiting();
        var first = await _node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation);
        var tail = await _node.TailAsync();

        var second = await _node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation);

        Assert.Equal(first.Leases[0].Fence, second.Leases[0].Fence);
        Assert.Equal((false, true), (first.Leases[0].Replayed, second.Leases[0].Replayed));
        Assert.Equal(tail, await _node.TailAsync());
    }

    [Fact]
    public async Task A_request_id_with_other_parameters_is_refused_and_leaves_no_trace()
    {
        var request = Waiting();
        await _node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation);
        var tail = await _node.TailAsync();
        request.TtlMs = 12_345;

        var error = await Assert.ThrowsAsync<RpcException>(() => _node.Allocator.AllocateAsync(request, cancellationToken: TestNode.Cancellation).ResponseAsync);

        Assert.Equal((StatusCode.AlreadyExists, ErrorReason.RequestIdReused), (error.StatusCode, ErrorTable.ReasonOf(error)));
        Assert.Equal(tail, await _node.TailAsync());
    }

    [Fact]
    public async Task Items_at_fault_are_refused_alone()
    {
        var lease = await LeaseAsync();

        var released = await _node.Allocator.ReleaseAsync(
            new ReleaseRequest { Tenant = "acme", Leases = { new LeaseRef(), Ref(lease), new LeaseRef { Id = lease.Id } } }, cancellationToken: TestNode.Cancellation);

        Assert.Equal(ErrorReason.InvalidField, released.Items[0].Refused.Reason);
        Assert.NotNull(released.Items[1].Released);
        Assert.Equal(["leases[2].fence"], released.Items[2].Refused.Metadata.Keys);
    }

    [Fact]
    public async Task A_held_lease_is_found_by_its_request_and_listed()
    {
        var lease = await LeaseAsync();

        var found = await _node.Allocator.LookupRequestAsync(
            new LookupRequestRequest { Tenant = "acme", RequestId = lease.RequestId }, cancellationToken: TestNode.Cancellation);
        var listed = await _node.Allocator.ListLeasesAsync(new ListLeasesRequest { Tenant = "acme" }, cancellationToken: TestNode.Cancellation);

        Assert.Equal(LookupRequestResponse.Types.State.Held, found.State);
        Assert.Equal(lease.Id, Assert.Single(found.Leases).Id);
        Assert.Equal(lease.Id, Assert.Single(listed.Leases).Id);
        Assert.False(listed.More);
    }

    [Fact]
    public async Task A_page_of_leases_ends_at_its_limit_and_the_next_goes_on_behind_it()
    {
        var (first, second) = (await LeaseAsync(), await LeaseAsync());

        var page = await _node.Allocator.ListLeasesAsync(new ListLeasesRequest { Limit = 1 }, cancellationToken: TestNode.Cancellation);
        var next = await _node.Allocator.ListLeasesAsync(new ListLeasesRequest { Limit = 1, After = page.Leases[0].Id }, cancellationToken: TestNode.Cancellation);

        Assert.Equal((first.Id, true), (Assert.Single(page.Leases).Id, page.More));
        Assert.Equal((second.Id, false), (Assert.Single(next.Leases).Id, next.More));
    }

    [Fact]
    public async Task A_dry_run_explains_now_and_in_the_past_and_leaves_no_trace()
    {
        var lease = await LeaseAsync();
        var tail = await _node.TailAsync();
        var request = new AllocateRequest { Tenant = "acme", Function = "echo", MaxWaitMs = 1_000 };

        var now = await _node.Allocator.ExplainAsync(new ExplainRequest { Request = request }, cancellationToken: TestNode.Cancellation);
        var then = await _node.Allocator.ExplainAsync(new ExplainRequest { Request = request, Position = lease.Id.Position - 1 }, cancellationToken: TestNode.Cancellation);

        Assert.Equal(ExplainResponse.Types.Verdict.Cold, now.Verdict);
        Assert.Equal(lease.Id.Position - 1, then.Position);
        Assert.Equal(tail, await _node.TailAsync());
    }

    [Fact]
    public async Task A_watcher_sees_every_change_from_its_position_on_with_its_names()
    {
        using var watch = _node.Allocator.Watch(new WatchRequest { FromPosition = 1 }, cancellationToken: TestNode.Cancellation);
        var lease = await LeaseAsync();
        var seen = new List<Change>();
        while (seen.All(change => change.Kind != Change.Types.Kind.LeaseGranted))
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));
            seen.AddRange(watch.ResponseStream.Current.Changes);
        }

        var granted = seen.Single(change => change.Kind == Change.Types.Kind.LeaseGranted);
        Assert.Equal((lease.Id, "acme", "echo", "worker-1"), (granted.Lease, granted.Tenant, granted.Function, granted.Worker));
        Assert.Equal(seen.Select(change => change.Position), seen.Select(change => change.Position).Order().Distinct());
        Assert.Contains(seen, change => change.Kind == Change.Types.Kind.FunctionDeployed);
    }

    [Fact]
    public async Task A_stream_serves_many_requests_at_a_time_and_answers_each_by_its_tag()
    {
        using var stream = _node.Allocator.AllocateStream(cancellationToken: TestNode.Cancellation);
        Assert.True(await stream.ResponseStream.MoveNext(TestNode.Cancellation));
        Assert.Equal(256u, stream.ResponseStream.Current.Credits);
        for (var tag = 1UL; tag <= 50; tag++)
        {
            await stream.RequestStream.WriteAsync(new AllocateStreamRequest { Tag = tag, Allocate = Waiting() }, TestNode.Cancellation);
        }

        await stream.RequestStream.CompleteAsync();
        var answers = new List<AllocateStreamResponse>();
        await foreach (var answer in stream.ResponseStream.ReadAllAsync(TestNode.Cancellation))
        {
            answers.Add(answer);
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(tag => (ulong)tag), answers.Select(answer => answer.Tag).Order());
        Assert.Equal(50, answers.Select(answer => answer.Allocate.Granted.Leases.Single().Sandbox).Distinct().Count());
    }

    [Fact]
    public async Task A_caller_that_leaves_while_it_waits_gets_nothing()
    {
        var request = TestNode.Request();
        request.MaxWaitMs = 300_000;
        request.Selectors.Add(new Selector { MatchLabels = { ["no"] = "such worker" } });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(TestNode.Cancellation);
        var call = _node.Allocator.AllocateAsync(request, cancellationToken: leaving.Token);
        await Eventually.TrueAsync(async () => (await _node.Operator.GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation)).Waiting == 1);

        await leaving.CancelAsync();

        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        await Eventually.TrueAsync(async () => (await _node.Operator.GetStatusAsync(new GetStatusRequest(), cancellationToken: TestNode.Cancellation)).Waiting == 0);
        Assert.Empty((await _node.Allocator.ListLeasesAsync(new ListLeasesRequest(), cancellationToken: TestNode.Cancellation)).Leases);
    }

    private static AllocateRequest Waiting()
    {
        var request = TestNode.Request();
        request.MaxWaitMs = 60_000;
        return request;
    }

    private static LeaseRef Ref(Lease lease) => new() { Id = lease.Id, Fence = lease.Fence };

    private async Task<Lease> LeaseAsync() =>
        (await _node.Allocator.AllocateAsync(Waiting(), cancellationToken: TestNode.Cancellation)).Leases.Single();
}
