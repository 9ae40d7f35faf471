using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>What an acceptor must never forget. Immutable.</summary>
/// <param name="Promised">It takes nothing below this ballot.</param>
/// <param name="AcceptedAt">Ballot of <paramref name="State"/>; none if it was only founded.</param>
/// <param name="State">What it has accepted; null while it is fresh, that is neither founded nor named by an accepted state.</param>
public sealed record AcceptorState(Ballot Promised, Ballot AcceptedAt, RegisterState? State)
{
    /// <summary>An acceptor that belongs to no register yet.</summary>
    public static AcceptorState Fresh { get; } = new(Ballot.None, Ballot.None, null);
}

/// <summary>An acceptor's reply, and what must be durable before the reply leaves.</summary>
/// <param name="Reply">To whoever asked.</param>
/// <param name="ToStore">The state to make durable first; null if nothing changed.</param>
public readonly record struct AcceptorAnswer(PeerMessage Reply, AcceptorState? ToStore);
