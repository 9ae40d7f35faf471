using ControlPlane.Primitives;

namespace ControlPlane.Replication.Registers;

/// <summary>
/// A change of the acceptors over the rounds that it takes: for each step, confirm the state at a ballot of one's own, then change exactly
/// that state, once. Repeating it is harmless.
/// </summary>
/// <remarks>
/// The confirmation is what makes two changes that know nothing of each other exclude each other: both would have to be the one change
/// of one confirmed state, or one of them would have found the other's confirmation. Without it, changes that were never chosen pile up
/// until majorities part (the same as in Raft's change by single servers, where a leader must commit in its own term first).
/// </remarks>
public sealed class ChangeAcceptorsCall(IReadOnlyList<ReplicaId> wanted)
{
    private readonly IReadOnlyList<ReplicaId> _wanted = AcceptorSet.Of(wanted);

    /// <summary>What the next round does.</summary>
    public RegisterOperation Operation { get; private set; } = new RegisterOperation.Confirm();

    /// <summary>Judges a round that has ended or was given up. True: the acceptors are the wanted ones, and that is chosen.</summary>
    public bool Judge(RegisterRound round)
    {
        var wasConfirmation = Operation is RegisterOperation.Confirm;
        Operation = new RegisterOperation.Confirm();
        if (round.Outcome is not RoundOutcome.Chosen chosen)
        {
            return false;
        }

        if (AcceptorSet.StepTowards(chosen.State.Acceptors, _wanted) is not { } next)
        {
            return true;
        }

        if (wasConfirmation)
        {
            Operation = new RegisterOperation.ChangeAcceptors(chosen.At, next);
        }

        return false;
    }
}
