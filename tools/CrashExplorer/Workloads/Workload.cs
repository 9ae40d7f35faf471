namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>What a replica is made to do while its disk is recorded.</summary>
/// <param name="Name">As the command line and the tables have it.</param>
/// <param name="Says">What it does, in a few words.</param>
/// <param name="Script">The steps. Deterministic.</param>
internal sealed record Workload(string Name, string Says, Action<WorkloadRun> Script)
{
    /// <summary>Only a replica among several gets into such states: it is not opened as one that is alone.</summary>
    public bool IsAmongSeveral { get; init; }

    /// <summary>Its images are of megabytes: fewer of the faults are tried, at fewer moments.</summary>
    public bool IsLarge { get; init; }
}
