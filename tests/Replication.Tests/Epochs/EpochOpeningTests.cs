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
        Assert.Equal([Two], copy.Replicas);
        Assert.Equal((One, Tail(5, HashAt5)), (copy.Source, copy.Tail));

        var set = Assert.IsType<OpeningEffect.CompareAndSet>(opening.Copied(Two));
        Assert.Equal(new SequenceNumber(5), set.Value.Epochs[0].End);
        Assert.Equal(HashAt5, set.Value.Epochs[0].EndHash);
        Assert.Equal((new Epoch(2), new SequenceNumber(6), HashAt5), (set.Value.Current!.Epoch, set.Value.Current.Start, set.Value.Current.StartHash));
        Assert.IsType<OpeningEffect.Opened>(opening.Decided(won: true, set.Value));
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
    public void Who_loses_the_register_starts_again()
    {
        var opening = new EpochOpening(1, JournalConfiguration.Create(Id), One, [One]);
        var set = Assert.IsType<OpeningEffect.CompareAndSet>(opening.Begin());
        Assert.IsType<OpeningEffect.Lost>(opening.Decided(won: false, set.Value));
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

    private static VerifiedTail Tail(ulong last, ChainHash hash) => new(new SequenceNumber(last), hash);
}
