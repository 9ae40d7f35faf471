using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Registers;

public sealed class RegisterRoundTests
{
    private static readonly ReplicaId Four = new(4);
    private static readonly IReadOnlyList<ReplicaId> All = [One, Two, Three];
    private static readonly RegisterState Founded = new(All, 0, default);
    private static readonly RegisterState Written = new(All, 3, StampedValue.Write(77, [1]));
    private readonly List<RegisterSend> _outbox = [];

    [Fact]
    public void A_register_that_was_only_founded_needs_all_its_acceptors_once()
    {
        var round = Begin(9, new RegisterOperation.Confirm());
        Promise(round, One, Ballot.None, Founded);
        Promise(round, Two, Ballot.None, Founded);
        Assert.Null(round.Proposal);
        Promise(round, Three, Ballot.None, Founded);
        Assert.NotNull(round.Proposal);
    }

    [Fact]
    public void Acceptors_that_were_founded_differently_are_no_register()
    {
        var round = Begin(9, new RegisterOperation.Confirm());
        Promise(round, One, Ballot.None, Founded);
        Promise(round, Two, Ballot.None, Founded);
        Promise(round, Three, Ballot.None, Founded with { Acceptors = [Three, One] });
        Assert.IsType<RoundOutcome.Unfounded>(round.Outcome);
    }

    [Fact]
    public void The_highest_accepted_state_is_what_the_operation_changes()
    {
        var round = Begin(9, new RegisterOperation.CompareAndSet(3, new byte[] { 5 }));
        Promise(round, One, At(2), Written with { Version = 2 });
        Promise(round, Two, At(4), Written);
        Assert.Equal((At(4), 4ul), (round.Proposal!.Value.From, round.Proposal.Value.State.Version));
        Assert.Equal(3, _outbox.Count(s => s.Message is Accept));
        round.Receive(One, new Accepted(At(9)), _outbox);
        Assert.False(round.IsOver);
        round.Receive(One, new Accepted(At(9)), _outbox);
        Assert.False(round.IsOver);
        round.Receive(Three, new Accepted(At(9)), _outbox);
        Assert.Equal((At(9), true), Assert.IsType<RoundOutcome.Chosen>(round.Outcome) is { } c ? (c.At, c.IsOwnChange) : default);
    }

    [Fact]
    public void A_read_of_what_a_majority_has_accepted_at_one_ballot_proposes_nothing()
    {
        var round = Begin(9, new RegisterOperation.Read());
        Promise(round, One, At(4), Written);
        Promise(round, Two, At(4), Written);
        var chosen = Assert.IsType<RoundOutcome.Chosen>(round.Outcome);
        Assert.Equal((3ul, At(4), false), (chosen.State.Version, chosen.At, chosen.IsOwnChange));
        Assert.Equal(Written.Value.ToArray(), chosen.State.Value.ToArray());
        Assert.Null(round.Proposal);
    }

    [Fact]
    public void Nothing_of_a_messages_memory_is_kept()
    {
        var buffer = Written.Value.ToArray();
        var round = Begin(9, new RegisterOperation.Read());
        Promise(round, One, At(4), Written with { Value = buffer });
        Array.Clear(buffer);
        Promise(round, Two, At(4), Written with { Value = buffer });
        Assert.Equal(Written.Value.ToArray(), Assert.IsType<RoundOutcome.Chosen>(round.Outcome).State.Value.ToArray());
    }

    [Fact]
    public void A_read_of_what_may_not_be_chosen_has_it_chosen_first()
    {
        var round = Begin(9, new RegisterOperation.Read());
        Promise(round, One, At(4), Written);
        Promise(round, Two, At(3), Written with { Version = 2 });
        Assert.False(round.IsOver);
        Assert.Equal((At(4), 3ul), (round.Proposal!.Value.From, round.Proposal.Value.State.Version));
    }

    [Fact]
    public void A_found_state_with_other_acceptors_leads_the_round_on_to_those()
    {
        ReplicaId five = new(5), six = new(6);
        var moved = Written with { Acceptors = [Four, five, six] };
        var round = Begin(9, new RegisterOperation.Confirm());
        Promise(round, One, At(2), Written);
        Promise(round, Three, At(7), moved);
        Assert.Equal([Four, five, six], _outbox.Where(s => s.Message is Prepare).Select(s => s.To).Skip(3));
        Promise(round, Two, At(2), Written);
        Assert.Null(round.Proposal);
        Promise(round, Four, At(7), moved);
        Promise(round, five, At(7), moved);
        Assert.Equal([Four, five, six], _outbox.Where(s => s.Message is Accept).Select(s => s.To));
    }

    [Fact]
    public void A_change_of_acceptors_needs_majorities_of_the_old_and_of_the_new()
    {
        var round = Begin(9, new RegisterOperation.ChangeAcceptors(At(8), [One, Two, Three, Four]));
        Promise(round, One, At(8), Written);
        Promise(round, Two, At(8), Written);
        Assert.Equal(4, _outbox.Count(s => s.Message is Accept));
        round.Receive(Four, new Accepted(At(9)), _outbox);
        round.Receive(One, new Accepted(At(9)), _outbox);
        Assert.False(round.IsOver);
        round.Receive(Two, new Accepted(At(9)), _outbox);
        Assert.IsType<RoundOutcome.Chosen>(round.Outcome);
    }

    [Fact]
    public void A_change_of_acceptors_is_made_to_nothing_but_what_was_confirmed_for_it()
    {
        var round = Begin(9, new RegisterOperation.ChangeAcceptors(At(7), [One, Two, Three, Four]));
        Promise(round, One, At(8), Written);
        Promise(round, Two, At(8), Written);
        Assert.IsType<RoundOutcome.Beaten>(round.Outcome);
        Assert.Null(round.Proposal);
    }

    [Fact]
    public void An_acceptor_that_a_change_named_but_never_reached_is_told_by_whoever_finds_the_change()
    {
        var grown = Written with { Acceptors = [One, Two, Three, Four] };
        var round = Begin(9, new RegisterOperation.Read(), One, Two, Three, Four);
        round.Receive(Four, NotMember, _outbox);
        Promise(round, One, At(8), grown);
        Promise(round, Two, At(6), Written);
        Assert.Contains(_outbox, s => s.To == Four && s.Message is Accept accept && accept.Ballot == At(8) && accept.State.Acceptors.Contains(Four));

        _outbox.Clear();
        round.Receive(Four, new Accepted(At(8)), _outbox);
        Assert.Equal([new RegisterSend(Four, new Prepare(At(9)))], _outbox);
        Promise(round, Four, At(8), grown);
        Assert.Equal(At(8), round.Proposal!.Value.From);
    }

    [Fact]
    public void Fresh_acceptors_only_are_no_register()
    {
        var round = Begin(9, new RegisterOperation.Read());
        foreach (var acceptor in All)
        {
            Assert.False(round.IsOver);
            round.Receive(acceptor, NotMember, _outbox);
        }

        Assert.IsType<RoundOutcome.Unfounded>(round.Outcome);
    }

    [Fact]
    public void One_refusal_of_an_accept_does_not_end_a_round_that_a_majority_can_still_carry()
    {
        var round = Begin(9, new RegisterOperation.Confirm());
        Promise(round, One, At(4), Written);
        Promise(round, Two, At(4), Written);
        round.Receive(Three, new BallotRefused(At(9), At(12)), _outbox);
        Assert.False(round.IsOver);
        round.Receive(One, new BallotRefused(At(9), At(11)), _outbox);
        Assert.IsType<RoundOutcome.Beaten>(round.Outcome);
        Assert.Equal(At(12), round.Seen);
    }

    [Fact]
    public void What_was_not_answered_is_said_again()
    {
        var round = Begin(9, new RegisterOperation.Confirm());
        Promise(round, One, At(4), Written);
        _outbox.Clear();
        round.Repeat(_outbox);
        Assert.Equal([Two, Three], _outbox.Where(s => s.Message is Prepare).Select(s => s.To));
        Promise(round, Two, At(4), Written);
        round.Receive(Two, new Accepted(At(9)), _outbox);
        _outbox.Clear();
        round.Repeat(_outbox);
        Assert.Equal([One, Three], _outbox.Where(s => s.Message is Accept).Select(s => s.To));
    }

    private static Refused NotMember => new(default, false, PeerRefusal.NotMember, default);

    private static Ballot At(ulong counter) => new(counter, Two);

    private RegisterRound Begin(ulong counter, RegisterOperation operation, params ReplicaId[] ask)
    {
        var round = new RegisterRound(At(counter), ask.Length > 0 ? ask : [.. All], operation);
        round.Begin(_outbox);
        return round;
    }

    private void Promise(RegisterRound round, ReplicaId acceptor, Ballot acceptedAt, RegisterState state) =>
        round.Receive(acceptor, new Prepared(round.Ballot, acceptedAt, state), _outbox);
}
