using ControlPlane.Protocol.V1;

namespace ControlPlane.Server.Tests.Services;

/// <summary>Two free sandboxes, and batches that want more or less of them.</summary>
public sealed class BatchTests : IAsyncLifetime
{
    private const uint Free = 2;
    private TestNode _node = null!;
    private TestWorker _worker = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        await _node.DeployAsync(warmTarget: Free);
        _worker = await TestWorker.ConnectAsync(_node);
        await Eventually.TrueAsync(async () =>
        {
            var functions = await _node.Operator.ListFunctionsAsync(new ListFunctionsRequest(), cancellationToken: TestNode.Cancellation);
            return functions.Functions.Single().SandboxesFree == Free;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task An_atomic_batch_is_granted_whole()
    {
        var answer = await BatchAsync(atomic: true, Warm(1), Warm(1));

        var leases = answer.Outcomes.Select(outcome => outcome.Granted.Leases.Single()).ToArray();
        Assert.NotEqual(leases[0].Sandbox, leases[1].Sandbox);
        Assert.Equal(2, await LeaseCountAsync());
    }

    [Fact]
    public async Task An_atomic_batch_of_which_one_cannot_be_had_is_refused_whole_and_leaves_no_trace()
    {
        var tail = await _node.TailAsync();

        var answer = await BatchAsync(atomic: true, Warm(2), Warm(1));

        Assert.Equal(2, answer.Outcomes.Count);
        Assert.Equal(ErrorReason.NoWarm, answer.Outcomes[1].Refused.Reason);
        Assert.All(answer.Outcomes, outcome => Assert.NotNull(outcome.Refused));
        Assert.Equal(tail, await _node.TailAsync());
        Assert.Equal(0, await LeaseCountAsync());
    }

    [Fact]
    public async Task A_best_effort_batch_grants_what_can_be_had()
    {
        var answer = await BatchAsync(atomic: false, Warm(2), Warm(1));

        Assert.Equal(2, answer.Outcomes[0].Granted.Leases.Count);
        Assert.Equal(ErrorReason.NoWarm, answer.Outcomes[1].Refused.Reason);
        Assert.Equal(2, await LeaseCountAsync());
    }

    private static AllocateRequest Warm(uint count)
    {
        var request = TestNode.Request();
        (request.Count, request.ColdPolicy) = (count, ColdPolicy.WarmOnly);
        return request;
    }

    private async Task<AllocateBatchResponse> BatchAsync(bool atomic, params AllocateRequest[] requests) =>
        await _node.Allocator.AllocateBatchAsync(new AllocateBatchRequest { Atomic = atomic, Requests = { requests } }, cancellationToken: TestNode.Cancellation);

    private async Task<int> LeaseCountAsync() =>
        (await _node.Allocator.ListLeasesAsync(new ListLeasesRequest(), cancellationToken: TestNode.Cancellation)).Leases.Count;
}
