using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Epochs;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Epochs;

public sealed class EpochOpeningTests
{
    private static readonly ChainHash HashAt5 = new(55);
    private static readonly ChainHash HashAt4 = new(44);
    private static readonly JournalConfiguration Reigning = JournalConfiguration.Create(Id) with
    {
        Epochs = [FirstEpoch(One, Two, Three)],
    };

    [Fact]
    public void The_first_reign_needs_no_seal()
    {
        var opening = new EpochOpening(1, JournalConfiguration.Create(Id), One, [One]);
        var set = Assert.IsType<OpeningEffect.CompareAndSet>(opening.Begin());
        var epoch = set.Value.Current!;
        Assert.Equal((new Epoch(1), SequenceNumber.First, ChainHash.Genesis(Id)), (epoch.Epoch, epoch.Start, epoch.StartHash));
    }

    [Fact]
    public void The_reign_before_is_sealed_at_a_majority_and_closed_at_the_longest_tail()
    {
        var opening = new EpochOpening(1, Reigning, One, [One, Two, Three]);
        Assert.Equal(new Epoch(1), Assert.IsType<OpeningEffect.Seal>(opening.Begin()).Epoch);
        Assert.Null(opening.Sealed(Two, Tail(4, HashAt4)));

        var copy = Assert.IsType<OpeningEffect.CopyTo>(opening.Sealed(One, Tail(5, HashAt5)));
        Assert.Equal([new CopyTarget(Two, new SequenceNumber(4))], copy.Targets);
        Assert.Equal(Tail(5, HashAt5), copy.Tail);

        var set = Assert.IsType<OpeningEffect.CompareAndSet>(opening.Copied(Two));
        Assert.Equal(new SequenceNumber(5), set.Value.Epochs[0].End);
        Assert.Equal(HashAt5, set.Value.Epochs[0].EndHash);
        Assert.Equal((new Epoch(2), new SequenceNumber(6), HashAt5), (set.Value.Current!.Epoch, set.Value.Current.Start, set.Value.Current.StartHash));
    }

    [Fact]
    public void An_opener_that_lacks_entries_fetches_them_before_it_copies_or_proposes()
    {
        var opening = new EpochOpening(1, Reigning, One, [One, Two, Three]);
        opening.Begin();
        opening.Sealed(One, Tail(4, HashAt4));

        var fetch = Assert.IsType<OpeningEffect.FetchUpTo>(opening.Sealed(Two, Tail(5, HashAt5)));
        Assert.Equal((Tail(5, HashAt5), Two), (fetch.Tail, fetch.Source));
        Assert.IsType<OpeningEffect.CompareAndSet>(opening.Copied(One));
    }

    [Fact]
    public void What_a_replica_holds_beyond_the_end_of_an_older_reign_does_not_count()
    {
        var second = Reigning.Succeed(new SequenceNumber(4), HashAt4, new Epoch(2), One, [One, Two, Three]);
        var opening = new EpochOpening(2, second, Two, [One, Two, Three]);
        opening.Begin();
        opening.Sealed(Three, Tail(9, new ChainHash(99), epoch: 1));

        var set = Assert.IsType<OpeningEffect.FetchUpTo>(opening.Sealed(One, Tail(5, HashAt5, epoch: 2)));
        Assert.Equal(Tail(5, HashAt5, epoch: 2), set.Tail);
        Assert.Equal(new SequenceNumber(4), opening.SealedTail(Three)!.Value.Last);
    }

    [Fact]
    public void A_majority_that_ends_before_what_is_closed_waits_for_the_rest()
    {
        var second = Reigning.Succeed(new SequenceNumber(5), HashAt5, new Epoch(2), One, [One, Two, Three]);
        var opening = new EpochOpening(2, second, One, [One, Two, Three]);
        opening.Begin();
        opening.Sealed(One, Tail(4, HashAt4));
        Assert.Null(opening.Sealed(Two, Tail(4, HashAt4)));
        Assert.IsType<OpeningEffect.FetchUpTo>(opening.Sealed(Three, Tail(5, HashAt5)));
    }

    [Fact]
    public void A_majority_with_equal_tails_needs_no_copy()
    {
        var opening = new EpochOpening(1, Reigning, One, [One, Two, Three]);
        opening.Begin();
        opening.Sealed(One, Tail(5, HashAt5));
        Assert.IsType<OpeningEffect.CompareAndSet>(opening.Sealed(Three, Tail(5, HashAt5)));
    }

    [Fact]
    public void A_replica_outside_the_set_and_one_that_answers_twice_do_not_make_a_majority()
    {
        var opening = new EpochOpening(1, Reigning, One, [One, Two, Three]);
        opening.Begin();
        Assert.Null(opening.Sealed(One, Tail(5, HashAt5)));
        Assert.Null(opening.Sealed(One, Tail(5, HashAt5)));
        Assert.Null(opening.Sealed(new ReplicaId(9), Tail(5, HashAt5)));
    }

    [Fact]
    public void Two_payloads_at_one_position_stop_everything()
    {
        var opening = new EpochOpening(1, Reigning, One, [One, Two, Three]);
        opening.Begin();
        opening.Sealed(One, Tail(5, HashAt5));
        Assert.Throws<InvariantViolationException>(() => opening.Sealed(Two, Tail(5, HashAt4)));
    }

    [Fact]
    public void Less_than_what_the_register_has_as_closed_is_never_opened()
    {
        var closed = Reigning.Succeed(new SequenceNumber(5), HashAt5, new Epoch(2), One, [One]);
        var opening = new EpochOpening(2, closed, One, [One]);
        opening.Begin();
        var missing = Assert.Throws<JournalShorterThanRegisterException>(() => opening.Sealed(One, Tail(4, HashAt4)));
        Assert.Equal((new SequenceNumber(4), new SequenceNumber(5)), (missing.Found, missing.Closed));
    }

    [Fact]
    public void A_reign_without_entries_leaves_no_trace_in_the_register()
    {
        var next = Reigning.Succeed(SequenceNumber.None, ChainHash.Genesis(Id), new Epoch(2), One, [One]);
        Assert.Equal([new Epoch(2)], next.Epochs.Select(e => e.Epoch));
        Assert.Equal(SequenceNumber.First, next.Current!.Start);
    }

    private static VerifiedTail Tail(ulong last, ChainHash hash, ulong epoch = 1) => new(new SequenceNumber(last), hash, new Epoch(epoch));
}
