using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Peers;

/// <summary>What a node says of itself when a connection begins. Each connection has its own: a node that was restarted may say something else.</summary>
/// <param name="Cluster">The installation; a node of another is never talked to.</param>
/// <param name="Node">The node's name, unique in the installation.</param>
/// <param name="ClientAddress">Where its clients reach it, for referrals; may be empty.</param>
/// <param name="Replicas">The replicas that it keeps.</param>
public sealed record NodeGreeting(ClusterId Cluster, string Node, string ClientAddress, IReadOnlyList<GreetedReplica> Replicas)
{
    /// <summary>Which versions of the protocol it speaks.</summary>
    public PeerVersions Speaks { get; init; } = PeerVersions.Own;
}

/// <summary>A replica of a greeting node.</summary>
/// <param name="Journal">Of which journal.</param>
/// <param name="Replica">Its identity.</param>
/// <param name="IsFresh">It holds nothing and has never been part of a journal.</param>
public sealed record GreetedReplica(JournalId Journal, ReplicaId Replica, bool IsFresh);
