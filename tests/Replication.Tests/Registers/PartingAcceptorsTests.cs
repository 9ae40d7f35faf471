using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Tests.Registers;

/// <summary>
/// The hazard of changing members one at a time (found in Raft's in 2015): two changes of the same state that know nothing of each other,
/// one adding and one removing, whose majorities miss each other.
/// </summary>
public sealed class PartingAcceptorsTests
{
    private readonly Dictionary<int, Acceptor> _acceptors = Enumerable.Range(1, 5).ToDictionary(i => i, i => new Acceptor(RegisterWorld.Id(i), AcceptorState.Fresh));
    private ulong _counter;

    [Fact]
    public void Two_changes_that_were_cut_short_do_not_part_the_acceptors()
    {
        foreach (var i in new[] { 1, 2, 3, 4 })
        {
            _acceptors[i].Handle(new Found(Set(1, 2, 3, 4)));
        }

        Assert.IsType<RoundOutcome.Chosen>(Run(new RegisterOperation.Confirm(), [1, 2, 3, 4], [1, 2, 3, 4]).Outcome);

        // One removes 4 and reaches 1 only; another adds 5 and reaches 5 only.
        var removing = Change(Set(1, 2, 3), prepareAt: [1, 2, 3], confirmAt: [1, 2, 3], changeAt: [1]);
        var adding = Change(Set(1, 2, 3, 4, 5), prepareAt: [2, 3, 4], confirmAt: [2, 3, 4], changeAt: [5]);
        Assert.Equal([3, 5], new[] { removing, adding }.Select(r => r.Proposal!.Value.State.Acceptors.Count));

        // From 5 one could go on with a majority of five acceptors, from 1 with a majority of three. Only one of the two may.
        var ofFive = Run(new RegisterOperation.CompareAndSet(0, StampedValue.Write(1, [])), [3, 4, 5], [3, 4, 5]);
        var ofThree = Run(new RegisterOperation.CompareAndSet(0, StampedValue.Write(2, [])), [1, 2], [1, 2]);
        Assert.True(Assert.IsType<RoundOutcome.Chosen>(ofFive.Outcome).IsOwnChange);
        Assert.Null(ofThree.Proposal);
    }

    private static IReadOnlyList<ReplicaId> Set(params int[] acceptors) => [.. acceptors.Select(RegisterWorld.Id)];

    private RegisterRound Change(IReadOnlyList<ReplicaId> wanted, int[] prepareAt, int[] confirmAt, int[] changeAt)
    {
        var call = new ChangeAcceptorsCall(wanted);
        Assert.False(call.Judge(Run(call.Operation, prepareAt, confirmAt)));
        Assert.IsType<RegisterOperation.ChangeAcceptors>(call.Operation);
        return Run(call.Operation, prepareAt, changeAt);
    }

    // A round in which the messages of each phase reach only some, and all answers arrive.
    private RegisterRound Run(RegisterOperation operation, int[] prepareAt, int[] acceptAt)
    {
        var round = new RegisterRound(new Ballot(++_counter, new ReplicaId(99)), Set(prepareAt), operation);
        var outbox = new List<RegisterSend>();
        round.Begin(outbox);
        for (var i = 0; i < outbox.Count; i++)
        {
            var to = (int)outbox[i].To.Value;
            if ((outbox[i].Message is Prepare ? prepareAt : acceptAt).Contains(to))
            {
                round.Receive(outbox[i].To, _acceptors[to].Handle(outbox[i].Message).Reply, outbox);
            }
        }

        return round;
    }
}
