using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>
/// What one replica of a journal says to another. The journal and the sender stand beside it (<see cref="PeerEnvelope"/>). Every
/// message may be lost, repeated, delayed and overtaken by a later connection's: each carries the epoch that it speaks of.
/// </summary>
public abstract record PeerMessage;

/// <summary>A message with the journal that it is about and the replica that says it.</summary>
public readonly record struct PeerEnvelope(JournalId Journal, ReplicaId From, PeerMessage Message);

/// <summary>Why a replica refuses.</summary>
public enum PeerRefusal : byte
{
    /// <summary>It has promised a newer reign, or sealed this one: whoever asks has been overtaken.</summary>
    Overtaken = 1,

    /// <summary>It hears the writer of this reign; only a forced seal ends a reign that works.</summary>
    WriterAlive = 2,

    /// <summary>It may have acknowledged more than it holds now: it takes entries, but answers no seal.</summary>
    NotWhole = 3,

    /// <summary>It has not joined this reign yet (it was restarted, or never heard of it): join it first.</summary>
    NotJoined = 4,

    /// <summary>The entries do not follow on what it holds: send from <c>Last.Next</c> on.</summary>
    NotContiguous = 5,

    /// <summary>The entries follow in number but not in hash: what it holds is another history, and only a snapshot can help.</summary>
    Parted = 6,

    /// <summary>It does not have what is asked for (trimmed, or never held).</summary>
    NotHeld = 7,

    /// <summary>It is none of the replicas of this reign.</summary>
    NotMember = 8,

    /// <summary>It wrote this reign, has lost the majority, and writes no more.</summary>
    SteppedDown = 9,
}

/// <summary>A reign that is over: entries of <see cref="Epoch"/> at or behind <see cref="Tail"/> do not count.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Start">Its first position.</param>
/// <param name="Tail">The first position that is not its own any more: its end, exclusive.</param>
public readonly record struct ClosedReign(Epoch Epoch, SequenceNumber Start, SequenceNumber Tail);
