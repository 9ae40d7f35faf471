using ControlPlane.Primitives;
using ControlPlane.Runtime.Registers;
using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Runtime.Tests.Registers;

public sealed class QuorumMembershipTests : IAsyncLifetime
{
    private readonly RegisterNetwork _network = new(6);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ReplicaId[] First => [.. _network.Replicas.Take(3)];

    private ReplicaId[] Last => [.. _network.Replicas.Skip(3)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    [Fact]
    public async Task A_register_that_was_not_founded_says_so_at_once()
    {
        var register = _network.NewProposer();
        var error = await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.ReadAsync(Stop));
        Assert.Contains("founded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Founding_again_is_harmless_and_founding_otherwise_is_refused()
    {
        var register = _network.NewProposer();
        await register.FoundAsync(First, Stop);
        Assert.True(await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        await _network.NewProposer().FoundAsync(First, Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _network.NewProposer().FoundAsync([First[0], Last[0]], Stop));
        Assert.Equal(1ul, (await register.ReadAsync(Stop))!.Version);
    }

    [Fact]
    public async Task The_whole_set_can_be_exchanged_and_a_proposer_that_knows_only_the_old_one_finds_the_new()
    {
        var register = _network.NewProposer();
        await register.FoundAsync(First, Stop);
        var stale = _network.NewProposer(First);
        Assert.True(await stale.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));

        await register.ChangeAcceptorsAsync(Last, Stop);
        await register.ChangeAcceptorsAsync(Last, Stop);
        Assert.Equal(Last, await register.ReadAcceptorsAsync(Stop));
        Assert.True(await stale.TryCompareAndSetAsync(1, new byte[] { 2 }, Stop));
        foreach (var replica in First)
        {
            _network.Stop(replica);
        }

        Assert.Equal(2ul, (await register.ReadAsync(Stop))!.Version);
        Assert.True(await stale.TryCompareAndSetAsync(2, new byte[] { 3 }, Stop));
    }

    [Fact]
    public async Task A_dead_acceptor_is_replaced_while_clients_count_over_a_lossy_network()
    {
        await _network.NewProposer().FoundAsync(First, Stop);
        _network.Stop(First[2]);
        _network.LossPercent = 5;
        var counting = CountingClients.RunAsync(4, 6, () => _network.NewProposer(), Stop);
        ReplicaId[] next = [First[0], First[1], Last[0]];
        await _network.NewProposer().ChangeAcceptorsAsync(next, Stop);
        var count = await counting;
        await count.AssertIsWhatTheRegisterHoldsAsync(_network.NewProposer(), Stop);
        Assert.Equal(next, await _network.NewProposer().ReadAcceptorsAsync(Stop));
    }

    [Fact]
    public async Task Without_a_majority_a_call_ends_as_unavailable_when_its_time_is_over()
    {
        var time = new FakeTimeProvider();
        await using var network = new RegisterNetwork(3, time);
        await network.NewProposer().FoundAsync(network.Replicas, Stop);
        network.Stop(network.Replicas[0]);
        network.Stop(network.Replicas[1]);
        var write = network.NewProposer().TryCompareAndSetAsync(0, new byte[] { 1 }, Stop).AsTask();
        while (!write.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<RegisterUnavailableException>(() => write);
    }

    [Fact]
    public async Task More_calls_than_may_wait_end_as_unavailable_at_once()
    {
        var time = new FakeTimeProvider();
        await using var network = new RegisterNetwork(3, time) { Options = new QuorumRegisterOptions { WaitingCallsMax = 2 } };
        await network.NewProposer().FoundAsync(network.Replicas, Stop);
        network.LossPercent = 100;
        var register = network.NewProposer();
        var waiting = Enumerable.Range(0, 3).Select(_ => register.ReadAsync(Stop).AsTask()).ToArray();
        await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.ReadAsync(Stop));
        await register.DisposeAsync();
        foreach (var call in waiting)
        {
            await Assert.ThrowsAsync<RegisterUnavailableException>(() => call);
        }
    }
}
