using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>A proposer's number in the register's Paxos: counter first, then who; the higher wins.</summary>
public readonly record struct Ballot(ulong Counter, ReplicaId Proposer) : IComparable<Ballot>
{
    /// <summary>Below every real one.</summary>
    public static Ballot None => default;

    /// <inheritdoc/>
    public int CompareTo(Ballot other) =>
        Counter != other.Counter ? Counter.CompareTo(other.Counter) : Proposer.CompareTo(other.Proposer);

    /// <summary>Order.</summary>
    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    /// <summary>Order.</summary>
    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    /// <summary>Order.</summary>
    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    /// <summary>Order.</summary>
    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;
}

/// <summary>What an acceptor holds: the register's value together with who the acceptors are.</summary>
/// <param name="Acceptors">The acceptors from this value on.</param>
/// <param name="Version">Version of the value; 0: never written.</param>
/// <param name="Value">The value.</param>
public sealed record RegisterState(IReadOnlyList<ReplicaId> Acceptors, ulong Version, ReadOnlyMemory<byte> Value);

/// <summary>First phase.</summary>
public sealed record Prepare(Ballot Ballot) : PeerMessage;

/// <summary>The acceptor's promise, and what it had accepted.</summary>
public sealed record Prepared(Ballot Ballot, Ballot AcceptedAt, RegisterState State) : PeerMessage;

/// <summary>Second phase.</summary>
public sealed record Accept(Ballot Ballot, RegisterState State) : PeerMessage;

/// <summary>The acceptor has accepted, durably.</summary>
public sealed record Accepted(Ballot Ballot) : PeerMessage;

/// <summary>The acceptor has promised a higher ballot.</summary>
public sealed record BallotRefused(Ballot Ballot, Ballot Promised) : PeerMessage;

/// <summary>Begins the register at a fresh replica: who its acceptors are. Repeating the same is harmless; anything else is refused.</summary>
public sealed record Found(IReadOnlyList<ReplicaId> Acceptors) : PeerMessage;

/// <summary>The acceptor knows who the acceptors are; these.</summary>
public sealed record Founded(IReadOnlyList<ReplicaId> Acceptors) : PeerMessage;
