using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Replicas;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Replicas;

public sealed class ReplicaLogTests
{
    private static readonly EntryHeader Next = new()
    {
        Type = EntryType.User,
        Flags = EntryFlags.EndOfAppend,
        Journal = Id,
        Epoch = new Epoch(4),
        Sequence = new SequenceNumber(8),
        PreviousHash = new ChainHash(77),
        CommitSequence = default,
        Time = default,
        Writer = One,
        Client = default,
        ClientSequence = default,
        ProducerVersion = 0,
    };

    private readonly ReplicaLog _log = new(Id, new ReplicaPromise(new Epoch(4), IsSealed: false), new SequenceNumber(7), new ChainHash(77));

    [Fact]
    public void The_next_entry_of_the_promised_reign_is_admitted()
    {
        Assert.Equal(ReplicaRefusal.None, _log.Admit(Next, new ChainHash(88)));
        Assert.Equal((new SequenceNumber(8), new ChainHash(88)), (_log.Last, _log.LastHash));
    }

    [Fact]
    public void Everything_else_is_refused_and_changes_nothing()
    {
        (EntryHeader Header, ReplicaRefusal Refusal)[] cases =
        [
            (Next with { Journal = new JournalId(0xB) }, ReplicaRefusal.WrongJournal),
            (Next with { Epoch = new Epoch(3) }, ReplicaRefusal.WrongEpoch),
            (Next with { Epoch = new Epoch(5) }, ReplicaRefusal.WrongEpoch),
            (Next with { Sequence = new SequenceNumber(7) }, ReplicaRefusal.NotContiguous),
            (Next with { Sequence = new SequenceNumber(9) }, ReplicaRefusal.NotContiguous),
            (Next with { PreviousHash = new ChainHash(78) }, ReplicaRefusal.WrongPredecessor),
        ];
        foreach (var (header, refusal) in cases)
        {
            Assert.Equal(refusal, _log.Admit(header, new ChainHash(88)));
            Assert.Equal(new SequenceNumber(7), _log.Last);
        }
    }

    [Fact]
    public void A_sealed_replica_takes_nothing_more_of_that_reign()
    {
        _log.Adopt(_log.Promise.Seal(new Epoch(4))!.Value);
        Assert.Equal(ReplicaRefusal.Sealed, _log.Admit(Next, new ChainHash(88)));
    }

    [Fact]
    public void A_promise_is_never_taken_back()
    {
        var promise = new ReplicaPromise(new Epoch(4), IsSealed: true);
        Assert.Null(promise.Seal(new Epoch(3)));
        Assert.Null(promise.Begin(new Epoch(4)));
        Assert.Equal(new ReplicaPromise(new Epoch(5), IsSealed: false), promise.Begin(new Epoch(5)));
        Assert.Throws<InvariantViolationException>(() => _log.Adopt(new ReplicaPromise(new Epoch(3), IsSealed: false)));
    }
}
