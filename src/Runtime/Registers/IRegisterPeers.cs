using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// How a proposer of the <c>quorum</c> register reaches the acceptors. Answers come back through <see cref="QuorumConfigRegister.Receive"/>,
/// on any thread, also before <see cref="TrySend"/> has returned.
/// </summary>
public interface IRegisterPeers
{
    /// <summary>The replica on whose behalf is asked.</summary>
    ReplicaId Self { get; }

    /// <summary>Replicas of the journal that can be reached now or later, <see cref="Self"/> included: where to look for acceptors.</summary>
    IReadOnlyList<ReplicaId> Known { get; }

    /// <summary>
    /// Sends, at most once and without waiting; to <see cref="Self"/> too (to the own <see cref="AcceptorHost"/>). False: there is no way
    /// at present; the message counts as lost, as any message may be.
    /// </summary>
    bool TrySend(ReplicaId acceptor, PeerMessage message);
}
