using ControlPlane.Replication.Replicas;

namespace ControlPlane.Simulation.Faults;

/// <summary>
/// Keeps what is lost within what a quorum repairs: never more damaged replicas at a time than a minority, counted from the damage until it is made
/// good. Asked when a fault is about to happen, also in a replay: so taking faults away never leaves more damage than was allowed.
/// </summary>
internal sealed class Atlas(World world)
{
    private readonly HashSet<int> _replacing = [];

    /// <summary>A wiped node is being brought in again.</summary>
    public void Replacing(int node) => _replacing.Add(node);

    /// <summary>It is in.</summary>
    public void Replaced(int node) => _replacing.Remove(node);

    public bool HasReplacements => _replacing.Count > 0;

    /// <summary>True if a node's disk may lose what it has acknowledged.</summary>
    public bool AllowsLossAt(int node) => world.Knobs.Mode != DamageMode.Repairable || (
        !_replacing.Contains(node) && _replacing.Count == 0 && Impaired(except: node) + 1 <= world.Nodes.Count - Quorum.MajorityOf(world.Nodes.Count));

    /// <summary>True if the power of a node may fail: a torn write may count as lost where it was not.</summary>
    public bool AllowsPowerCutAt(int node) => AllowsLossAt(node) || !world.Nodes[node].Disk.Promise.IsWhole;

    private int Impaired(int except) =>
        world.Nodes.Count(node => node.Index != except && (!node.Disk.Promise.IsWhole || node.Disk.IsSuspect || _replacing.Contains(node.Index)));
}
