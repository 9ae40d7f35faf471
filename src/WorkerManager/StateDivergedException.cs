using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// This state is not the one that the leader had at the same position. One of the two is wrong, and nothing that this one
/// says may be believed: the replay stops.
/// </summary>
public sealed class StateDivergedException(SequenceNumber position, StateHash expected, StateHash actual)
    : Exception($"The state after position {position} hashes to {actual}, but the journal says {expected}.")
{
    /// <summary>The position after which the hashes were compared.</summary>
    public SequenceNumber Position { get; } = position;

    /// <summary>What the journal or the snapshot says.</summary>
    public StateHash Expected { get; } = expected;

    /// <summary>What was computed here.</summary>
    public StateHash Actual { get; } = actual;
}
