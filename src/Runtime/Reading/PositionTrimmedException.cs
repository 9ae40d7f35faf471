using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Reading;

/// <summary>The position lies before the journal's head: a snapshot covers it.</summary>
public sealed class PositionTrimmedException(SequenceNumber asked, SequenceNumber head)
    : Exception($"Position {asked} has been trimmed; the journal begins at {head}.")
{
    /// <summary>What was asked for.</summary>
    public SequenceNumber Asked { get; } = asked;

    /// <summary>First position that can be read.</summary>
    public SequenceNumber Head { get; } = head;
}
