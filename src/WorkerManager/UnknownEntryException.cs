using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>An entry of a kind that this program does not know: a newer program wrote it. Reading stops; guessing would diverge.</summary>
public sealed class UnknownEntryException(SequenceNumber position)
    : Exception($"The entry at position {position} has a kind that this version does not know (format {EntryFormat.Version}); upgrade this node.")
{
    /// <summary>Where the entry stands.</summary>
    public SequenceNumber Position { get; } = position;
}
