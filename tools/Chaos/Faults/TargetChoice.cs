using ControlPlane.Chaos.Cluster;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>Finds out whom a role means now. Who is already being struck comes last.</summary>
internal sealed class TargetChoice(ChaosCluster cluster, long seed)
{
    public async Task<IReadOnlyList<ClusterMember>> ChooseAsync(PlannedFault planned, CancellationToken cancellation)
    {
        var target = planned.Fault.Target ?? new FaultTarget(FaultRules.Of(planned.Fault.Kind).Usual);
        if (FaultRules.Of(planned.Fault.Kind).Reach == FaultReach.Nobody)
        {
            return [];
        }

        if (target.Name is { } name)
        {
            return [cluster.Members.Single(member => member.Name == name)];
        }

        var leader = target.Role is TargetRole.Leader or TargetRole.Follower ? await cluster.LeaderAsync(0, cancellation) : null;
        IEnumerable<ClusterMember> those = target.Role switch
        {
            TargetRole.All => cluster.Nodes,
            TargetRole.Leader => leader is null ? cluster.Nodes : [leader],
            TargetRole.Follower => cluster.Nodes.Where(node => node != leader),
            TargetRole.Any => cluster.Nodes,
            TargetRole.Worker => cluster.Workers,
            _ => cluster.Members,
        };
        return target.Role == TargetRole.All ? [.. those] : [One([.. those], planned)];
    }

    private ClusterMember One(IReadOnlyList<ClusterMember> those, PlannedFault planned)
    {
        var free = those.Where(member => member.IsRunning && member.Turn.CurrentCount > 0).ToList();
        var choice = free.Count > 0 ? free : those;
        return choice[Draws.Below(choice.Count, seed, $"{planned.Stream}/target", 0)];
    }
}
