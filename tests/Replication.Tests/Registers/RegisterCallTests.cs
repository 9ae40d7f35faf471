using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Registers;

public sealed class RegisterCallTests
{
    private static readonly IReadOnlyList<ReplicaId> All = [One, Two, Three];
    private readonly List<RegisterSend> _outbox = [];

    [Theory]
    [InlineData(2, 1, CompareAndSetVerdict.Replaced)] // Another proposer found our proposal and had it chosen.
    [InlineData(2, 9, CompareAndSetVerdict.NotReplaced)] // Another's write has the version that ours would have.
    [InlineData(0, 0, CompareAndSetVerdict.NotReplaced)] // What ours was made from was never chosen.
    [InlineData(3, 9, CompareAndSetVerdict.Unknown)] // Whose was version 2 nobody can tell any more.
    public void After_a_round_that_was_cut_short_the_stamp_tells(ulong foundVersion, int foundStamp, CompareAndSetVerdict expected)
    {
        var call = new CompareAndSetCall(1, 1, default);
        var first = Round(4, call.Operation, State(1, 5));
        Assert.True(first.HasProposedChange);
        Assert.Equal(CompareAndSetVerdict.Again, call.Judge(first));

        var second = Round(7, call.Operation, State(foundVersion, foundStamp));
        Accept(second);
        Assert.Equal(expected, call.Judge(second));
    }

    [Fact]
    public void A_first_round_that_finds_any_other_version_is_a_refusal()
    {
        var call = new CompareAndSetCall(1, 1, default);
        var round = Round(4, call.Operation, State(7, 5));
        Accept(round);
        Assert.Equal(CompareAndSetVerdict.NotReplaced, call.Judge(round));
    }

    [Fact]
    public void Each_confirmation_allows_one_change_and_a_change_that_failed_needs_another_confirmation()
    {
        var call = new ChangeAcceptorsCall([One, Two, new ReplicaId(4)]);
        var confirmation = Round(4, call.Operation, State(1, 5));
        Accept(confirmation);
        Assert.False(call.Judge(confirmation));
        var change = Assert.IsType<RegisterOperation.ChangeAcceptors>(call.Operation);
        Assert.Equal(new Ballot(4, Two), change.ConfirmedAt);
        Assert.Equal([One, Two, Three, new ReplicaId(4)], change.Acceptors);

        Assert.False(call.Judge(Round(5, change, State(1, 5))));
        Assert.IsType<RegisterOperation.Confirm>(call.Operation);
    }

    [Fact]
    public void A_change_to_what_is_there_already_is_done_once_that_is_confirmed()
    {
        var call = new ChangeAcceptorsCall([Three, Two, One]);
        var round = Round(4, call.Operation, State(1, 5));
        Accept(round);
        Assert.True(call.Judge(round));
    }

    [Fact]
    public void A_founding_is_complete_when_all_know_and_not_before()
    {
        var founding = new Founding(All);
        founding.Begin(_outbox);
        Assert.Equal(3, _outbox.Count);
        founding.Receive(One, new Founded([Three, Two, One]), _outbox);
        founding.Receive(One, new Founded(All), _outbox);
        founding.Receive(Two, new Founded(All), _outbox);
        Assert.False(founding.IsOver);
        _outbox.Clear();
        founding.Repeat(_outbox);
        Assert.Equal([Three], _outbox.Select(s => s.To));
        founding.Receive(Three, new Founded([Two, Three]), _outbox);
        Assert.True(founding.IsOver);
        Assert.False(founding.IsComplete);
        Assert.Equal(Three, founding.Conflict!.Value.Acceptor);
    }

    [Fact]
    public void Acceptors_change_one_at_a_time_newcomers_first()
    {
        ReplicaId four = new(4), five = new(5);
        var steps = new List<string>();
        for (IReadOnlyList<ReplicaId>? now = All; now is not null; now = AcceptorSet.StepTowards(now, [Three, four, five]))
        {
            steps.Add(string.Concat(now.Select(a => a.Value)));
        }

        Assert.Equal(["123", "1234", "12345", "2345", "345"], steps);
    }

    [Fact]
    public void A_set_has_no_one_twice_and_neither_too_few_nor_too_many()
    {
        Assert.Throws<ArgumentException>(() => AcceptorSet.Of([]));
        Assert.Throws<ArgumentException>(() => AcceptorSet.Of([One, One]));
        Assert.Throws<ArgumentException>(() => AcceptorSet.Of([One, default]));
        Assert.Throws<ArgumentException>(() => AcceptorSet.Of([.. Enumerable.Range(1, AcceptorSet.AcceptorsMax + 1).Select(i => new ReplicaId((UInt128)i))]));
    }

    private static RegisterState State(ulong version, int stamp) => new(All, version, StampedValue.Write((UInt128)stamp, []));

    private RegisterRound Round(ulong counter, RegisterOperation operation, RegisterState found)
    {
        var round = new RegisterRound(new Ballot(counter, Two), All, operation);
        var at = operation is RegisterOperation.ChangeAcceptors change ? change.ConfirmedAt : new Ballot(counter - 1, Three);
        round.Receive(One, new Prepared(round.Ballot, at, found), _outbox);
        round.Receive(Two, new Prepared(round.Ballot, at, found), _outbox);
        return round;
    }

    private void Accept(RegisterRound round)
    {
        round.Receive(One, new Accepted(round.Ballot), _outbox);
        round.Receive(Two, new Accepted(round.Ballot), _outbox);
    }
}
