using ControlPlane.Primitives;

namespace ControlPlane.Replication.Appending;

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Appended, now or by an earlier try.</summary>
    Ok,

    /// <summary>The journal does not end where the caller expected; nothing was appended.</summary>
    TailMismatch,

    /// <summary>The caller's fence is not the current one; nothing was appended.</summary>
    Fenced,

    /// <summary>Older than what is remembered of this client: whether it was appended cannot be told.</summary>
    Forgotten,

    /// <summary>The client has used this number for an append with other contents; nothing was appended.</summary>
    Conflict,
}

/// <summary>
/// What an append came to. Provisional until everything up to <see cref="AnswerAfter"/> is committed: a failed condition, too, was
/// judged against entries that are not committed yet, and must not be reported before they are.
/// </summary>
public readonly record struct AppendResult
{
    /// <summary>How it ended.</summary>
    public required AppendStatus Status { get; init; }

    /// <summary>May be told to the caller once the commit reaches this.</summary>
    public required SequenceNumber AnswerAfter { get; init; }

    /// <summary>Position of the first entry (Ok, Conflict).</summary>
    public SequenceNumber First { get; init; }

    /// <summary>Position of the last entry (Ok, Conflict).</summary>
    public SequenceNumber Last { get; init; }

    /// <summary>True if an earlier try had appended it.</summary>
    public bool Replayed { get; init; }

    /// <summary>The journal's true next position (TailMismatch).</summary>
    public SequenceNumber Tail { get; init; }

    /// <summary>The true fence (Fenced).</summary>
    public JournalFence Fence { get; init; }

    /// <summary>The oldest number of this client that is remembered (Forgotten).</summary>
    public ClientSequence OldestRemembered { get; init; }
}
