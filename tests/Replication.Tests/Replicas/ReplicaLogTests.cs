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

    private static readonly JournalEnd End = new(new SequenceNumber(7), new ChainHash(77), new Epoch(4), default);
    private static readonly Reign Reign = new(new Epoch(4), One, new SequenceNumber(5), new ChainHash(44));

    private readonly ReplicaLog _log = new(Id, new ReplicaPromise(new Epoch(4), IsSealed: false), End);

    public ReplicaLogTests() => _log.Join(Reign, End);

    [Fact]
    public void The_next_entry_of_the_joined_reign_is_admitted()
    {
        Assert.Equal(ReplicaRefusal.None, _log.Admit(Next, new ChainHash(88)));
        Assert.Equal((new SequenceNumber(8), new ChainHash(88)), (_log.End.Last, _log.End.LastHash));
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
            Assert.Equal(End, _log.End);
        }
    }

    [Fact]
    public void A_sealed_replica_takes_nothing_more_of_that_reign()
    {
        _log.Adopt(_log.Promise.Seal(new Epoch(4))!.Value);
        Assert.Equal(ReplicaRefusal.NotJoined, _log.Admit(Next, new ChainHash(88)));
    }

    [Fact]
    public void A_restarted_replica_takes_nothing_before_it_has_joined_again()
    {
        var restarted = new ReplicaLog(Id, _log.Promise, End);
        Assert.Equal(ReplicaRefusal.NotJoined, restarted.Admit(Next, new ChainHash(88)));
    }

    [Fact]
    public void A_joined_replica_that_lags_takes_older_reigns_entries_before_the_start_and_only_there()
    {
        var behind = new JournalEnd(new SequenceNumber(3), new ChainHash(33), new Epoch(2), default);
        var log = new ReplicaLog(Id, _log.Promise, behind);
        log.Join(Reign, behind);
        Assert.False(log.Agrees);
        var older = Next with { Sequence = new SequenceNumber(4), PreviousHash = new ChainHash(33), Epoch = new Epoch(3) };

        Assert.Equal(ReplicaRefusal.WrongEpoch, log.Admit(older with { Epoch = new Epoch(4) }, new ChainHash(44)));
        Assert.Equal(ReplicaRefusal.None, log.Admit(older, new ChainHash(44)));
        Assert.True(log.Agrees);
        Assert.Equal(ReplicaRefusal.WrongEpoch, log.Admit(older with { Sequence = new SequenceNumber(5), PreviousHash = new ChainHash(44) }, new ChainHash(55)));
    }

    [Fact]
    public void Half_an_append_is_held_but_not_the_end_of_one()
    {
        _log.Admit(Next with { Flags = EntryFlags.None }, new ChainHash(88));
        Assert.Equal((new SequenceNumber(8), new SequenceNumber(7)), (_log.End.Last, _log.AppendEnd.Last));
    }

    [Fact]
    public void Copies_are_taken_by_a_sealed_replica_only()
    {
        Assert.Equal(ReplicaRefusal.NotJoined, _log.AdmitCopy(Next, new ChainHash(88), new Epoch(4)));
        _log.Adopt(_log.Promise.Seal(new Epoch(4))!.Value);
        Assert.Equal(ReplicaRefusal.WrongEpoch, _log.AdmitCopy(Next with { Epoch = new Epoch(5) }, new ChainHash(88), new Epoch(4)));
        Assert.Equal(ReplicaRefusal.None, _log.AdmitCopy(Next, new ChainHash(88), new Epoch(4)));
    }

    [Fact]
    public void A_promise_is_never_taken_back()
    {
        var promise = new ReplicaPromise(new Epoch(4), IsSealed: true);
        Assert.Null(promise.Seal(new Epoch(3)));
        Assert.Null(promise.Join(new Epoch(4)));
        Assert.Equal(new ReplicaPromise(new Epoch(5), IsSealed: false), promise.Join(new Epoch(5)));
        Assert.Throws<InvariantViolationException>(() => _log.Adopt(new ReplicaPromise(new Epoch(3), IsSealed: false)));
    }

    [Fact]
    public void No_promise_makes_a_replica_whole_again()
    {
        var promise = ReplicaPromise.Lost;
        Assert.False(promise.Seal(new Epoch(4))!.Value.IsWhole);
        Assert.False(promise.Join(new Epoch(4))!.Value.IsWhole);
        Assert.False(default(ReplicaPromise).IsWhole);
    }
}
