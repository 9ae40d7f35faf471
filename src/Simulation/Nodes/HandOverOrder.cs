using ControlPlane.Primitives;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Simulation.Nodes;

/// <summary>A reign that is being handed over, as <c>Runtime/Journals/HandOver</c> does it: nothing is appended until the successor holds everything and is told.</summary>
internal sealed class HandOverOrder(JournalNode node)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private IReadOnlyList<ReplicaId> _nextReplicas = [];
    private TimeSpan _deadline;

    public ReplicaId? Successor { get; private set; }

    /// <summary>Begins; null for those who keep the journal now. False if nobody can take over.</summary>
    public bool Begin(IReadOnlyList<ReplicaId>? nextReplicas, TimeSpan now)
    {
        if (Successor is not null || node.Sequencer is null)
        {
            return false;
        }

        var next = nextReplicas ?? node.Configuration!.Value.Value.Current!.Replicas;
        var successor = node.Peers
            .Where(peer => peer is { IsWhole: true, Standing: PeerStanding.Following } && next.Contains(peer.Replica))
            .MaxBy(peer => (peer.IsMember, peer.Durable.Value));
        if (successor is not null)
        {
            (Successor, _nextReplicas, _deadline) = (successor.Replica, next, now + Patience);
        }

        return successor is not null;
    }

    /// <summary>After each batch.</summary>
    public void Continue(TimeSpan now)
    {
        if (Successor is { } successor && node.Sequencer is not null && !node.TryHandOver(successor, _nextReplicas) && now >= _deadline)
        {
            Successor = null;
        }
    }

    public void Ended() => Successor = null;
}
