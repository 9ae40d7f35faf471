using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>How an image is opened: as a replica that is alone, and as one among several.</summary>
internal static class Policies
{
    public static IReadOnlyList<DamagePolicy> Of(Workload workload) =>
        workload.IsAmongSeveral ? [DamagePolicy.RollBack] : [DamagePolicy.Refuse, DamagePolicy.RollBack];
}
