using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Appending;

public sealed class SequencerTests
{
    private static readonly JournalTime Noon = new(1_000);
    private readonly WrittenEntries _written = new();

    [Fact]
    public void Positions_are_dense_from_one_and_entries_are_chained()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Append([1], [2]), Noon, _written);
        sequencer.Append(Append([3]), Noon, _written);

        Assert.Equal([1, 2, 3], _written.Headers.Select(h => h.Sequence.Value));
        var previous = ChainHash.Genesis(Id);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(previous, _written.Headers[i].PreviousHash);
            previous = ChainHash.Of(_written.Encoded[i]);
        }
    }

    [Fact]
    public void Only_the_last_entry_of_an_append_ends_it()
    {
        NewSequencer(One).Append(Append([1], [2], [3]), Noon, _written);
        Assert.Equal([false, false, true], _written.Headers.Select(h => h.EndsAppend));
    }

    [Fact]
    public void Nothing_is_committed_before_a_majority_holds_it()
    {
        var sequencer = NewSequencer(One, Two, Three);
        var result = sequencer.Append(Append([1]), Noon, _written);
        Assert.Equal(SequenceNumber.None, sequencer.Committed);

        sequencer.ReplicaDurable(One, result.Last);
        Assert.Equal(SequenceNumber.None, sequencer.Committed);

        sequencer.ReplicaDurable(Three, result.Last);
        Assert.Equal(result.AnswerAfter, sequencer.Committed);
    }

    [Fact]
    public void A_replica_outside_the_set_does_not_count()
    {
        var sequencer = NewSequencer(One, Two, Three);
        var result = sequencer.Append(Append([1]), Noon, _written);
        sequencer.ReplicaDurable(One, result.Last);
        sequencer.ReplicaDurable(new ReplicaId(99), result.Last);
        Assert.Equal(SequenceNumber.None, sequencer.Committed);
    }

    [Fact]
    public void A_commit_never_stops_inside_an_append()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Append([1]), Noon, _written);
        sequencer.Append(Append([2], [3]), Noon, _written);

        sequencer.ReplicaDurable(One, new SequenceNumber(2));
        Assert.Equal(new SequenceNumber(1), sequencer.Committed);
        sequencer.ReplicaDurable(One, new SequenceNumber(3));
        Assert.Equal(new SequenceNumber(3), sequencer.Committed);
    }

    [Fact]
    public void An_unexpected_tail_is_refused_with_the_true_one_and_writes_nothing()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Append([1]), Noon, _written);
        var result = sequencer.Append(Append([2]) with { ExpectedTail = new SequenceNumber(5) }, Noon, _written);

        Assert.Equal(AppendStatus.TailMismatch, result.Status);
        Assert.Equal(new SequenceNumber(2), result.Tail);
        Assert.Single(_written.Headers);
    }

    [Fact]
    public void A_mismatch_judged_against_an_uncommitted_tail_waits_for_its_commit()
    {
        var sequencer = NewSequencer(One);
        var first = sequencer.Append(Append([1]), Noon, _written);
        var result = sequencer.Append(Append([2]) with { ExpectedTail = SequenceNumber.First }, Noon, _written);
        Assert.Equal(first.Last, result.AnswerAfter);
    }

    [Fact]
    public void An_older_fence_is_refused_with_the_true_one()
    {
        var sequencer = NewSequencer(One);
        sequencer.RaiseFence(new JournalFence(7), default, Noon, _written);

        var stale = sequencer.Append(Append([1]), Noon, _written);
        Assert.Equal((AppendStatus.Fenced, new JournalFence(7)), (stale.Status, stale.Fence));
        var current = sequencer.Append(Append([1]) with { Fence = new JournalFence(7) }, Noon, _written);
        Assert.Equal(AppendStatus.Ok, current.Status);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(5, 5)]
    [InlineData(4, 5)]
    public void A_fence_is_raised_only_from_the_expected_one_and_only_upwards(ulong token, ulong expected)
    {
        var sequencer = NewSequencer(One);
        sequencer.RaiseFence(new JournalFence(5), default, Noon, _written);
        var result = sequencer.RaiseFence(new JournalFence(token), new JournalFence(expected), Noon, _written);
        Assert.Equal((AppendStatus.Fenced, new JournalFence(5)), (result.Status, result.Fence));
    }

    [Fact]
    public void A_retry_gets_the_original_positions_even_after_a_fence()
    {
        var sequencer = NewSequencer(One);
        var first = sequencer.Append(Retryable(1, [1], [2]), Noon, _written);
        sequencer.RaiseFence(new JournalFence(7), default, Noon, _written);

        var retry = sequencer.Append(Retryable(1, [1], [2]), Noon, _written);
        Assert.Equal((AppendStatus.Ok, first.First, first.Last, true), (retry.Status, retry.First, retry.Last, retry.Replayed));
        Assert.Equal(3, _written.Headers.Count);
    }

    [Fact]
    public void The_same_number_with_other_contents_conflicts()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Retryable(1, [1], [2]), Noon, _written);
        Assert.Equal(AppendStatus.Conflict, sequencer.Append(Retryable(1, [1], [3]), Noon, _written).Status);
        Assert.Equal(AppendStatus.Conflict, sequencer.Append(Retryable(1, [1]), Noon, _written).Status);
    }

    [Fact]
    public void A_retry_is_recognised_by_the_next_writer()
    {
        var before = NewSequencer(One);
        var first = before.Append(Retryable(1, [1]), Noon, _written);
        before.RaiseFence(new JournalFence(3), default, Noon, _written);

        var state = _written.Replay();
        var next = new Sequencer(
            Id, FirstEpoch(One) with { Epoch = new Epoch(2), Start = new SequenceNumber(3), StartHash = before.LastHash }, state);
        var retry = next.Append(Retryable(1, [1]), Noon, _written);

        Assert.Equal((AppendStatus.Ok, first.First, true), (retry.Status, retry.First, retry.Replayed));
        Assert.Equal(new JournalFence(3), next.Fence);
    }

    [Fact]
    public void Journal_time_never_goes_back()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Append([1]), Noon, _written);
        sequencer.Append(Append([2]), new JournalTime(10), _written);
        Assert.Equal([Noon, Noon], _written.Headers.Select(h => h.Time));
    }

    [Fact]
    public void Each_entry_says_what_was_committed_when_it_was_written()
    {
        var sequencer = NewSequencer(One);
        sequencer.Append(Append([1]), Noon, _written);
        sequencer.Append(Append([2]), Noon, _written);
        sequencer.ReplicaDurable(One, new SequenceNumber(2));
        sequencer.Append(Append([3]), Noon, _written);
        Assert.Equal([0, 0, 2], _written.Headers.Select(h => h.CommitSequence.Value));
    }

    [Fact]
    public void A_writer_that_has_not_applied_the_whole_journal_may_not_begin() =>
        Assert.Throws<InvariantViolationException>(() =>
            new Sequencer(Id, FirstEpoch(One) with { Start = new SequenceNumber(9) }, new JournalState()));

    [Fact]
    public void The_entries_can_be_read_back_whole()
    {
        NewSequencer(One).Append(Append([1, 2, 3]), Noon, _written);
        Assert.True(EntryCodec.TryRead(_written.Encoded[0], out var header, out var payload, out _));
        Assert.Equal(_written.Headers[0], header);
        Assert.Equal<byte>([1, 2, 3], payload.ToArray());
    }
}
