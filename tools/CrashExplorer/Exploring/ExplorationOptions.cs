using ControlPlane.CrashExplorer.Faults;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>What is explored.</summary>
internal sealed record ExplorationOptions
{
    public IReadOnlyList<Workload> Workloads { get; init; } = WorkloadList.All;

    public IReadOnlySet<string> Kinds { get; init; } = FaultKinds.All.Select(kind => kind.Name).ToHashSet();

    public Depth Depth { get; init; } = Depth.Quick;

    /// <summary>Images tried at once.</summary>
    public int Jobs { get; init; } = 1;

    /// <summary>The exploration ends when so many violations are known.</summary>
    public int ViolationsMax { get; init; } = 50;

    /// <summary>A disk between the storage and the recorded one, while the workloads run: a deliberate bug.</summary>
    public Func<IDisk, IDisk>? Layer { get; init; }
}
