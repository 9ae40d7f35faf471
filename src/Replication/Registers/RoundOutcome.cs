using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>How a round ended.</summary>
public abstract record RoundOutcome
{
    private RoundOutcome()
    {
    }

    /// <summary>
    /// <paramref name="State"/> is chosen: every later state descends from it.
    /// </summary>
    /// <param name="State">The state.</param>
    /// <param name="At">Its ballot.</param>
    /// <param name="IsOwnChange">True: the operation applied, and this is what it made. False: it did not apply, the state is as it was found.</param>
    public sealed record Chosen(RegisterState State, Ballot At, bool IsOwnChange) : RoundOutcome;

    /// <summary>Another proposer's ballot stands in the way. Try again above <see cref="RegisterRound.Seen"/>; what was proposed may still be chosen.</summary>
    public sealed record Beaten : RoundOutcome;

    /// <summary>Everyone has answered, and there is no register here: it was not founded yet, not at all of its first acceptors, or not as one.</summary>
    public sealed record Unfounded : RoundOutcome;
}
