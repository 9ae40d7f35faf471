namespace ControlPlane.Runtime.Tests.Registers;

public sealed class QuorumFaultTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_clients_count_right_while_messages_are_lost_and_acceptors_are_killed_in_the_middle_of_writes()
    {
        await using var network = new RegisterNetwork(3);
        await network.NewProposer().FoundAsync(network.Replicas, Stop);
        network.LossPercent = 5;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var killing = KillOneAfterAnotherAsync(network, done.Token);
        var count = await CountingClients.RunAsync(5, 8, () => network.NewProposer(), Stop);
        await done.CancelAsync();
        var kills = await killing;

        network.LossPercent = 0;
        await count.AssertIsWhatTheRegisterHoldsAsync(network.NewProposer(), Stop);
        Assert.True(kills > 3, $"only {kills} kills");
    }

    // Each is killed at another operation of its disk, noticed by the acceptor that answers nothing more, and started from its store.
    private static async Task<int> KillOneAfterAnotherAsync(RegisterNetwork network, CancellationToken cancellation)
    {
        var kills = 0;
        for (; !cancellation.IsCancellationRequested; kills++)
        {
            var victim = network.Replicas[kills % 3];
            network.KillAtDiskOperation(victim, kills % 5);
            while (!network.HasDied(victim) && !cancellation.IsCancellationRequested)
            {
                await Task.Yield();
            }

            network.Stop(victim);
            network.Start(victim);
        }

        return kills;
    }
}
