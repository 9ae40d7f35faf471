using ControlPlane.Primitives;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Runtime.Journals;

/// <summary>How a planned change of the writer ended.</summary>
public enum HandOverOutcome
{
    /// <summary>The successor has taken over; this node follows.</summary>
    HandedOver,

    /// <summary>This node does not reign, or hands over already.</summary>
    NotReigning,

    /// <summary>No other replica (or not the one that was asked for) follows, is whole and is reached.</summary>
    NoSuccessor,

    /// <summary>The successor did not catch up in time, or the reign ended in another way. If it still reigns, it goes on.</summary>
    Failed,
}

/// <summary>
/// A reign that is being handed over: nothing is appended any more, so that the successor can come to hold everything; then it is told. Loop only.
/// </summary>
internal sealed class HandOver(JournalNode node, Func<ReplicaId, string?> nameOf)
{
    private IReadOnlyList<ReplicaId> _nextReplicas = [];
    private TimeSpan _deadline;
    private TaskCompletionSource<HandOverOutcome>? _ended;

    /// <summary>Who is to reign next; null if nothing is handed over.</summary>
    public ReplicaId? Successor { get; private set; }

    /// <summary>Whom the last hand-over made the writer, whether it reigns yet or not; null if it failed or there was none.</summary>
    public ReplicaId? Heir { get; private set; }

    /// <summary>Begins; <paramref name="ended"/> is told how it went.</summary>
    /// <param name="name">The successor's node; null: whichever holds most.</param>
    /// <param name="nextReplicas">Who keep the journal in the next reign; null: those who do now.</param>
    /// <param name="deadline">When the successor must hold everything.</param>
    /// <param name="ended">Is told.</param>
    public void Begin(string? name, IReadOnlyList<ReplicaId>? nextReplicas, TimeSpan deadline, TaskCompletionSource<HandOverOutcome> ended)
    {
        if (Successor is not null || node.Sequencer is null)
        {
            ended.TrySetResult(HandOverOutcome.NotReigning);
            return;
        }

        var next = nextReplicas ?? node.Configuration!.Value.Value.Current!.Replicas;
        var successor = node.Peers
            .Where(peer => peer is { IsWhole: true, Standing: PeerStanding.Following } && next.Contains(peer.Replica))
            .Where(peer => name is null || nameOf(peer.Replica) == name)
            .MaxBy(peer => (peer.IsMember, peer.Durable.Value));
        if (successor is null)
        {
            ended.TrySetResult(HandOverOutcome.NoSuccessor);
            return;
        }

        (Successor, _nextReplicas, _deadline, _ended) = (successor.Replica, next, deadline, ended);
    }

    /// <summary>Goes on, after each batch. Once it has abdicated, the successor's seal ends the reign, or the lease does.</summary>
    public void Continue(TimeSpan now)
    {
        if (Successor is { } successor && node.Sequencer is not null && !node.TryHandOver(successor, _nextReplicas) && now >= _deadline)
        {
            End(HandOverOutcome.Failed);
        }
    }

    /// <summary>The reign has ended.</summary>
    public void Ended(DeposedReason reason) => End(reason == DeposedReason.HandedOver ? HandOverOutcome.HandedOver : HandOverOutcome.Failed);

    /// <summary>The journal is closed, or has failed.</summary>
    public void Abandon() => End(HandOverOutcome.Failed);

    private void End(HandOverOutcome outcome)
    {
        _ended?.TrySetResult(outcome);
        Heir = outcome == HandOverOutcome.HandedOver ? Successor : null;
        (Successor, _ended) = (null, null);
    }
}
