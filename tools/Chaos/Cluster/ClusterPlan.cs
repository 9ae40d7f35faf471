using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Cluster;

/// <summary>What a scenario needs of the cluster that it is run on, beside its shape.</summary>
/// <param name="FaultNodes">Nodes with a disk and a clock that obey orders.</param>
/// <param name="Volatile">Their writes are lost unless they are synced.</param>
/// <param name="SmallDisks">Each node's data lies on a file system of its own that can be filled up.</param>
/// <param name="RelaysBetweenNodes">Links between nodes can be made bad.</param>
/// <param name="RelaysBeforeNodes">Links of clients and workers can be made bad.</param>
internal sealed record ClusterPlan(bool FaultNodes, bool Volatile, bool SmallDisks, bool RelaysBetweenNodes, bool RelaysBeforeNodes)
{
    private static readonly FaultKind[] OfPeers = [FaultKind.Halves, FaultKind.Bridge, FaultKind.Ring];
    private static readonly FaultKind[] OfScope = [FaultKind.Isolate, FaultKind.OneWay, FaultKind.Flapping, FaultKind.Delay, FaultKind.Loss, FaultKind.Reset, FaultKind.SlowLink];

    /// <summary>What the faults of a scenario need; with a real file system to fill up if this machine has one.</summary>
    public static ClusterPlan Of(Scenario scenario, bool canMount)
    {
        var kinds = scenario.Faults.Select(fault => fault.Kind).ToHashSet();
        var fills = kinds.Contains(FaultKind.DiskEnospc);
        return new ClusterPlan(
            scenario.Faults.Any(fault => FaultRules.Of(fault.Kind) is { NeedsFaultDisk: true } or { NeedsFaultClock: true }) || (fills && !canMount),
            kinds.Contains(FaultKind.DiskLostFlush),
            fills && canMount,
            scenario.Faults.Any(fault => OfPeers.Contains(fault.Kind) || (OfScope.Contains(fault.Kind) && fault.Links is not LinkScope.Clients)),
            scenario.Faults.Any(fault => fault.Kind == FaultKind.DroppedReplies || (OfScope.Contains(fault.Kind) && fault.Links is LinkScope.Clients or LinkScope.All)));
    }
}
