using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>The replica does not have the entry that was asked for: it was trimmed, lies before the snapshot that the journal begins at, or is not durable yet.</summary>
public sealed class EntryNotHeldException(SequenceNumber position, SequenceNumber head, SequenceNumber last)
    : Exception($"Entry {position} is not held here: the replica holds the entries {head} to {last}.")
{
    /// <summary>What was asked for.</summary>
    public SequenceNumber Position { get; } = position;

    /// <summary>First position held.</summary>
    public SequenceNumber Head { get; } = head;

    /// <summary>Last durable position.</summary>
    public SequenceNumber Last { get; } = last;
}
