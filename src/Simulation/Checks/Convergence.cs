using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Faults;

namespace ControlPlane.Simulation.Checks;

/// <summary>Once all is mended: somebody leads, every replica is whole and holds the same, everybody was answered, and the plane still does its work.</summary>
internal sealed class Convergence(World world, Atlas atlas, IReadOnlyList<ISimulatedClient> clients, Probe probe)
{
    /// <summary>What is still missing; null if nothing is.</summary>
    public string? Missing()
    {
        if (world.Leader?.Process is not { } leader || leader.Node.Configuration is not { } configuration)
        {
            return "nobody leads";
        }

        if (atlas.HasReplacements)
        {
            return "a replaced replica has not been brought in";
        }

        foreach (var replica in configuration.Value.Current!.Replicas)
        {
            var node = world.Nodes[Nodes.SimulatedNode.IndexOf(replica)];
            if (node.Process is not { } process || node.Replica != replica)
            {
                return $"{node.Name} is not there";
            }

            if (!process.Node.Promise.IsWhole)
            {
                return $"{node.Name} is not whole";
            }

            if (process.Node.Committed != world.Ledger.Last || node.Disk.Last != world.Ledger.Last)
            {
                return $"{node.Name} holds {node.Disk.Last} and has {process.Node.Committed} of {world.Ledger.Last} committed";
            }
        }

        var waiting = clients.Count(client => client.IsWaiting);
        return waiting > 0 ? $"{waiting} clients have no answer" : !probe.IsAnswered ? "a new call is not served" : null;
    }
}
