using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Journals;

/// <summary>Which replica is to give its place to which. What is left open is found, if there is only one possibility.</summary>
/// <param name="Leaving">The replica that leaves: its node's name, or its identifier; null: the only one that cannot be reached.</param>
/// <param name="Joining">The node whose replica takes its place; null: the only one that keeps a replica which is no member.</param>
public sealed record ReplicaReplacement(string? Leaving = null, string? Joining = null);

/// <summary>How far a replacement is.</summary>
public enum ReplacementStage
{
    /// <summary>The new replica is brought to hold what the others hold; it counts for nothing yet.</summary>
    CatchingUp,

    /// <summary>The new replica takes the old one's vote in the register.</summary>
    ChangingVotes,

    /// <summary>The reign is handed over to one in which the new replica is a member and the old one is not.</summary>
    HandingOver,

    /// <summary>The new replica is a member: a majority of the new set holds everything.</summary>
    Replaced,
}

/// <summary>Where a replacement stands.</summary>
public sealed record ReplacementProgress
{
    /// <summary>What is being done.</summary>
    public required ReplacementStage Stage { get; init; }

    /// <summary>The replica that leaves.</summary>
    public required ReplicaId Leaving { get; init; }

    /// <summary>The replica that joins.</summary>
    public required ReplicaId Joining { get; init; }

    /// <summary>Its node.</summary>
    public required string Node { get; init; }

    /// <summary>Last position that it holds durably.</summary>
    public SequenceNumber Held { get; init; }

    /// <summary>Last position of the journal.</summary>
    public SequenceNumber Last { get; init; }

    /// <summary>Bytes of a snapshot that were sent to it, and in all; 0 of 0: none is needed.</summary>
    public (ulong Sent, ulong Total) Snapshot { get; init; }
}

/// <summary>A replacement cannot be done, or did not come to its end. What was done is harmless and kept: ask again.</summary>
public sealed class ReplacementFailedException(string message) : Exception(message);
