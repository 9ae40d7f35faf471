namespace ControlPlane.Cpctl;

/// <summary>What is done to a cluster under load.</summary>
internal enum Fault
{
    /// <summary>kill -9 of the leader.</summary>
    KillLeader,

    /// <summary>kill -9 of a follower.</summary>
    KillFollower,

    /// <summary>The leader's process is stopped for longer than its lease, then goes on: it does not know that time has passed.</summary>
    PauseLeader,

    /// <summary>Two nodes are killed, one after the other, each once the one before is back.</summary>
    KillTwo,

    /// <summary>Half of what the leader and the others say to each other is lost: what it sends and what it is sent, in turn. Clients reach it all the while.</summary>
    OneWay,

    /// <summary>A planned change of the leader.</summary>
    HandOver,
}

/// <summary>Does faults to a local cluster, and makes them good.</summary>
internal sealed class FaultInjection(LocalCluster cluster)
{
    // Well beyond the lease and the stagger, so that another leads when it wakes up.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Down = TimeSpan.FromSeconds(1);

    private int _cuts;

    /// <summary>Does it and makes it good; on return the processes run, though they may not have settled. The first thing done is told to <paramref name="struck"/>.</summary>
    public async Task RunAsync(Fault fault, Action struck, CancellationToken cancellation)
    {
        var leader = await cluster.LeaderAsync(cancellation);
        var follower = cluster.Nodes.First(node => node != leader);
        switch (fault)
        {
            case Fault.KillLeader:
                await KillAsync(leader, struck, cancellation);
                break;
            case Fault.KillFollower:
                await KillAsync(follower, struck, cancellation);
                break;
            case Fault.KillTwo:
                await KillAsync(leader, struck, cancellation);
                await cluster.SettleAsync(cancellation);
                await KillAsync(await cluster.LeaderAsync(cancellation), () => { }, cancellation);
                break;
            case Fault.PauseLeader:
                struck();
                leader.Pause();
                await Task.Delay(Pause, CancellationToken.None);
                leader.Continue();
                break;
            case Fault.OneWay:
                struck();
                await CutAsync(leader, _cuts++ % 2 == 0 ? Loss.OfWhatItSends : Loss.OfWhatItIsSent, cancellation);
                break;
            case Fault.HandOver:
                struck();
                await cluster.HandOverAsync(leader, cancellation);
                break;
        }
    }

    private async Task CutAsync(NodeProcess leader, Loss loss, CancellationToken cancellation)
    {
        cluster.Cut(leader, loss);
        try
        {
            await Task.Delay(Pause, cancellation);

            // However long the cut lasts, the others go on without the one that was cut off: it is not the healing that helps.
            await cluster.LeaderAsync(cancellation, except: leader);
        }
        finally
        {
            cluster.Heal();
        }
    }

    private static async Task KillAsync(NodeProcess node, Action struck, CancellationToken cancellation)
    {
        struck();
        await node.KillAsync();
        await Task.Delay(Down, cancellation);
        node.Start();
    }
}
