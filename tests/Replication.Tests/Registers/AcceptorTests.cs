using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Registers;

public sealed class AcceptorTests
{
    private static readonly IReadOnlyList<ReplicaId> All = [One, Two, Three];
    private static readonly RegisterState First = new(All, 1, new byte[] { 1 });

    [Fact]
    public void A_fresh_acceptor_votes_for_nothing()
    {
        var acceptor = new Acceptor(One, AcceptorState.Fresh);
        AssertNotMember(acceptor.Handle(new Prepare(At(1))));
        AssertNotMember(acceptor.Handle(new Accept(At(1), First with { Acceptors = [Two, Three] })));
        AssertNotMember(acceptor.Handle(new Found([Two, Three])));
        Assert.Equal(AcceptorState.Fresh, acceptor.State);
    }

    [Fact]
    public void A_state_that_names_a_fresh_acceptor_makes_it_one()
    {
        var acceptor = new Acceptor(One, AcceptorState.Fresh);
        var answer = acceptor.Handle(new Accept(At(5), First));
        Assert.Equal(new Accepted(At(5)), answer.Reply);
        Assert.Equal((At(5), At(5)), (answer.ToStore!.Promised, answer.ToStore.AcceptedAt));
        var prepared = Assert.IsType<Prepared>(acceptor.Handle(new Prepare(At(6))).Reply);
        Assert.Equal((At(5), All, 1ul), (prepared.AcceptedAt, prepared.State.Acceptors, prepared.State.Version));
    }

    [Fact]
    public void Nothing_below_a_promise_is_taken_and_the_promise_is_named()
    {
        var acceptor = Founded();
        acceptor.Handle(new Prepare(At(5)));
        Assert.Equal(new AcceptorAnswer(new BallotRefused(At(4), At(5)), null), acceptor.Handle(new Prepare(At(4))));
        Assert.Equal(new AcceptorAnswer(new BallotRefused(At(4), At(5)), null), acceptor.Handle(new Accept(At(4), First)));
        Assert.NotNull(acceptor.Handle(new Accept(At(5), First)).ToStore);
    }

    [Fact]
    public void A_repeated_message_gets_its_answer_again_and_needs_no_write()
    {
        var acceptor = Founded();
        Assert.NotNull(acceptor.Handle(new Prepare(At(1))).ToStore);
        Assert.IsType<Prepared>(acceptor.Handle(new Prepare(At(1))).Reply);
        Assert.Null(acceptor.Handle(new Prepare(At(1))).ToStore);
        Assert.NotNull(acceptor.Handle(new Accept(At(1), First)).ToStore);
        Assert.Equal(new AcceptorAnswer(new Accepted(At(1)), null), acceptor.Handle(new Accept(At(1), First)));
    }

    [Fact]
    public void An_acceptor_that_was_removed_still_tells_what_came_after()
    {
        var acceptor = Founded();
        var without = First with { Acceptors = [Two, Three] };
        acceptor.Handle(new Accept(At(3), without));
        var prepared = Assert.IsType<Prepared>(acceptor.Handle(new Prepare(At(4))).Reply);
        Assert.Equal((At(3), without.Acceptors), (prepared.AcceptedAt, prepared.State.Acceptors));
    }

    [Fact]
    public void Nothing_of_a_messages_memory_is_kept()
    {
        var buffer = new byte[] { 1 };
        var acceptor = Founded();
        acceptor.Handle(new Accept(At(3), First with { Value = buffer }));
        buffer[0] = 9;
        Assert.Equal([1], acceptor.State.State!.Value.ToArray());
    }

    [Fact]
    public void Founding_otherwise_changes_nothing_and_tells_who_the_acceptors_are()
    {
        var acceptor = Founded();
        foreach (var again in new[] { All, [One, Two] })
        {
            var answer = acceptor.Handle(new Found(again));
            Assert.Equal(All, Assert.IsType<Founded>(answer.Reply).Acceptors);
            Assert.Null(answer.ToStore);
        }
    }

    private static Ballot At(ulong counter) => new(counter, Two);

    private static Acceptor Founded()
    {
        var acceptor = new Acceptor(One, AcceptorState.Fresh);
        Assert.NotNull(acceptor.Handle(new Found(All)).ToStore);
        return acceptor;
    }

    private static void AssertNotMember(AcceptorAnswer answer)
    {
        Assert.Equal(PeerRefusal.NotMember, Assert.IsType<Refused>(answer.Reply).Reason);
        Assert.Null(answer.ToStore);
    }
}
