using ControlPlane.Chaos.Nodes;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>Disks that fail under a running node. Most end it, as they should; it is started again.</summary>
internal sealed class LiveDiskFaults(FaultGround ground) : IFaultFamily
{
    private const int UsualFailures = 1;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(8);

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.DiskEio, strike => EndsAsync(strike, NodeOrders.DiskFails((int)(strike.Fault.Count ?? UsualFailures)))),
        (FaultKind.DiskTorn, strike => EndsAsync(strike, NodeOrders.DiskTears(strike.DrawSeed()))),
        (FaultKind.DiskStall, StallAsync),
        (FaultKind.DiskEnospc, FillAsync),
        (FaultKind.DiskLostFlush, LoseFlushAsync),
    ];

    private static async Task EndsAsync(Strike strike, string order)
    {
        strike.Target.ExpectEnd();
        await strike.Target.TellAsync(order);

        // Under load the next write comes at once, and the end with it: it is waited for even if the time for faults is over.
        await Task.WhenAny(strike.Target.Ended, Task.Delay(EndPatience));
        strike.Notes.Add(strike.Target.IsRunning ? "the node went on" : "the node ended");
        await strike.LastAsync();
        strike.Target.Start();
    }

    private static async Task StallAsync(Strike strike)
    {
        await strike.Target.TellAsync(NodeOrders.DiskStalls(strike.For));
        await strike.LastAsync();
    }

    private async Task FillAsync(Strike strike)
    {
        strike.Target.ExpectEnd();
        var disk = ground.Cluster.DiskOf(strike.Node);
        strike.Notes.Add(disk is null ? "injected" : $"{disk.Fill()} bytes filled");
        await (disk is null ? strike.Target.TellAsync(NodeOrders.DiskIsFull(true)) : Task.CompletedTask);
        await Task.WhenAny(strike.Target.Ended, strike.LastAsync());
        strike.Notes.Add(strike.Target.IsRunning ? "the node went on" : "the node ended");
        disk?.MakeRoom();
        await (disk is null ? strike.Target.TellAsync(NodeOrders.DiskIsFull(false)) : Task.CompletedTask);

        // One that is about to end shall not be taken for one that runs.
        await Task.WhenAny(strike.Target.Ended, Task.Delay(TimeSpan.FromMilliseconds(500)));
        strike.Target.Start();
    }

    private static async Task LoseFlushAsync(Strike strike)
    {
        strike.Target.ExpectEnd();
        await strike.Target.TellAsync(NodeOrders.DiskLies());
        await strike.LastAsync();
        await strike.Target.TellAsync(NodeOrders.CutPower(strike.DrawSeed()));
        await Task.WhenAny(strike.Target.Ended, Task.Delay(EndPatience));
        await strike.Target.KillAsync();
        strike.Target.Start();
    }
}
