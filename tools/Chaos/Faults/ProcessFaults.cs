using ControlPlane.Chaos.Nodes;
using ControlPlane.Client;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>Signals, stops and starts.</summary>
internal sealed class ProcessFaults(FaultGround ground) : IFaultFamily
{
    private const int StormRestarts = 5;
    private static readonly TimeSpan StormGap = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan MomentPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(60);

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.Kill, KillAsync),
        (FaultKind.WorkerLoss, KillAsync),
        (FaultKind.KillAtPoint, KillAtPointAsync),
        (FaultKind.Pause, PauseAsync),
        (FaultKind.RestartStorm, StormAsync),
        (FaultKind.RollingUpgrade, RollAsync),
        (FaultKind.LeaderTransfer, TransferAsync),
    ];

    private static async Task KillAsync(Strike strike)
    {
        await Task.WhenAll(strike.Targets.Select(member => member.KillAsync()));
        await strike.LastAsync();
        foreach (var member in strike.Targets)
        {
            member.Start();
        }
    }

    private static async Task KillAtPointAsync(Strike strike)
    {
        foreach (var member in strike.Targets)
        {
            member.ExpectEnd();
            await member.TellAsync(NodeOrders.KillAt(Words.Of(strike.Fault.Point!.Value)));
        }

        await Task.WhenAny(Task.WhenAll(strike.Targets.Select(member => member.Ended)), strike.WaitAsync(MomentPatience));
        foreach (var member in strike.Targets.Where(member => member.IsRunning))
        {
            strike.Notes.Add($"{member.Name}: the moment did not come, killed instead");
            await member.KillAsync();
        }

        await strike.LastAsync();
        foreach (var member in strike.Targets)
        {
            member.Start();
        }
    }

    private static async Task PauseAsync(Strike strike)
    {
        foreach (var member in strike.Targets)
        {
            member.Pause();
        }

        await strike.LastAsync();
        foreach (var member in strike.Targets)
        {
            member.Continue();
        }
    }

    private static async Task StormAsync(Strike strike)
    {
        for (var restart = 0; restart < (strike.Fault.Count ?? StormRestarts); restart++)
        {
            await Task.WhenAll(strike.Targets.Select(member => member.KillAsync()));
            foreach (var member in strike.Targets)
            {
                member.Start();
            }

            await strike.WaitAsync(strike.Fault.Gap ?? StormGap);
        }
    }

    private async Task RollAsync(Strike strike)
    {
        var leader = await ground.Cluster.LeaderAsync(0, strike.Over);
        foreach (var node in ground.Cluster.Nodes.OrderBy(node => node == leader))
        {
            if (await ground.Cluster.SettleAsync(SettlePatience, exactly: false, strike.Over) is { } lacking)
            {
                strike.Notes.Add($"ended before {node.Name}: {lacking}");
                return;
            }

            await node.Turn.WaitAsync(strike.Over);
            try
            {
                await node.StopAsync();
                node.Start();
            }
            finally
            {
                node.Turn.Release();
            }
        }
    }

    private async Task TransferAsync(Strike strike)
    {
        if (await ground.Cluster.LeaderAsync(0, strike.Over) is not { } leader)
        {
            strike.Notes.Add("nobody leads");
            return;
        }

        using var client = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [$"http://{leader.Place.Front}"], Retry = new RetryPolicy { AttemptsMax = 1 } });
        await client.Operator.HandOverAsync(cancellation: CancellationToken.None);
        strike.Notes.Add($"from {leader.Name} to {(await ground.Cluster.LeaderAsync(0, CancellationToken.None))?.Name ?? "nobody yet"}");
    }
}
