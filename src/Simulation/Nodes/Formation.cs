using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Simulation.Nodes;

/// <summary>Begins the journal at the first node, as <c>Runtime/Cluster/Formation</c> does: once all founders are connected; repeated until it is known to have happened.</summary>
internal sealed class Formation(NodeProcess process)
{
    private bool _looks;

    public void Begin() => _looks = process.Host is { Index: 0 } && process.Host.Replica == process.World.Founders[0]
        && process.Host.Disk.Promise == ReplicaPromise.None && process.Host.Disk.Last == SequenceNumber.None;

    public void Look()
    {
        if (!_looks || process.KnownReplicas().Count() < process.World.Founders.Count)
        {
            return;
        }

        _looks = false;
        process.Register.Found(process.World.Founders, isFounded => Continue(isFounded, () => process.Register.Read((isKnown, _, value) => Continue(isKnown, () =>
        {
            if (value is null)
            {
                process.World.Coverage.Hit("a journal was begun");
                process.Node.Founders = process.World.Founders;
                process.Node.Stand(process.Now);
            }
        }))));
    }

    private void Continue(bool isKnown, Action next)
    {
        if (isKnown)
        {
            next();
        }
        else
        {
            _looks = true;
        }
    }
}
