using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>
/// One acceptor of the register's Paxos. Guarantee: it never takes anything below a ballot that it has promised, and it always reports
/// the highest state that it has accepted; both hold across crashes if <see cref="AcceptorAnswer.ToStore"/> is durable before the reply leaves.
/// </summary>
/// <remarks>
/// A fresh acceptor, one that was neither founded nor named by a state that it was asked to accept, says
/// <see cref="PeerRefusal.NotMember"/>: it has no memory to vote with. An acceptor that was removed keeps answering, so that a proposer
/// with stale membership finds what came after. Why all this is safe is argued in the project's README. Sans I/O; one caller at a time.
/// </remarks>
public sealed class Acceptor(ReplicaId self, AcceptorState state)
{
    private static readonly Refused NotMember = new(default, false, PeerRefusal.NotMember, default);

    /// <summary>What it holds now.</summary>
    public AcceptorState State { get; private set; } = state;

    /// <summary>True for the messages that an acceptor answers.</summary>
    public static bool Takes(PeerMessage message) => message is Prepare or Accept or Found;

    /// <summary>Answers a proposer; keeps nothing of the message's memory. The same message again gets the same answer, or a refusal if more was promised meanwhile.</summary>
    public AcceptorAnswer Handle(PeerMessage message) => message switch
    {
        Prepare prepare => Handle(prepare),
        Accept accept => Handle(accept),
        Found found => Handle(found),
        _ => throw new ArgumentException($"An acceptor does not answer {message.GetType().Name}.", nameof(message)),
    };

    private AcceptorAnswer Handle(Prepare prepare)
    {
        if (State.State is not { } held)
        {
            return new AcceptorAnswer(NotMember, null);
        }

        if (prepare.Ballot < State.Promised)
        {
            return new AcceptorAnswer(new BallotRefused(prepare.Ballot, State.Promised), null);
        }

        // A ballot belongs to one round: an equal one is a repetition, already durable.
        var promise = new Prepared(prepare.Ballot, State.AcceptedAt, held);
        return prepare.Ballot == State.Promised
            ? new AcceptorAnswer(promise, null)
            : Keep(promise, State with { Promised = prepare.Ballot });
    }

    private AcceptorAnswer Handle(Accept accept)
    {
        if (State.State is null && !accept.State.Acceptors.Contains(self))
        {
            return new AcceptorAnswer(NotMember, null);
        }

        if (accept.Ballot < State.Promised)
        {
            return new AcceptorAnswer(new BallotRefused(accept.Ballot, State.Promised), null);
        }

        var accepted = new Accepted(accept.Ballot);
        return accept.Ballot == State.AcceptedAt
            ? new AcceptorAnswer(accepted, null)
            : Keep(accepted, new AcceptorState(accept.Ballot, accept.Ballot, accept.State with { Value = accept.State.Value.ToArray() }));
    }

    private AcceptorAnswer Handle(Found found)
    {
        if (State.State is { } held)
        {
            // Whoever asked sees whether these are the acceptors that it meant; nothing is changed either way.
            return new AcceptorAnswer(new Founded(held.Acceptors), null);
        }

        return found.Acceptors.Contains(self)
            ? Keep(new Founded(found.Acceptors), new AcceptorState(Ballot.None, Ballot.None, new RegisterState(found.Acceptors, 0, default)))
            : new AcceptorAnswer(NotMember, null);
    }

    private AcceptorAnswer Keep(PeerMessage reply, AcceptorState next)
    {
        Invariant.Check(next.Promised >= State.Promised, "a promise is never taken back");
        Invariant.Check(next.AcceptedAt >= State.AcceptedAt, "an acceptor never goes back to an older state");
        State = next;
#if MUTANTS
        if (Mutant.Is("acceptor-not-persisted") && reply is Prepared)
        {
            return new AcceptorAnswer(reply, null);
        }
#endif
        return new AcceptorAnswer(reply, next);
    }
}
