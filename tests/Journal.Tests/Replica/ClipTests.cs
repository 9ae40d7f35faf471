using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>A segment that begins within the journal: what lies behind its start was never committed, and is gone for ever.</summary>
public sealed class ClipTests : IDisposable
{
    private readonly TestReplica _replica = new();

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void Entries_at_and_behind_the_start_do_not_count_any_more()
    {
        _replica.Write(epoch: 1, entries: 10);
        _replica.Write(epoch: 2, entries: 10);
        var kept = _replica.EndAt(5);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 3, start: 6);
            Assert.Equal((kept, kept, kept), (store.End, store.FlushedEnd, store.FlushedAppendEnd));
            Assert.Equal(["1-1", "3-6"], _replica.SegmentNames());
            _replica.AssertHoldsOnlyHistory(store);
        }

        using (var reopened = _replica.OpenAmongSeveral())
        {
            Assert.Equal(kept, reopened.End);
            Assert.True(reopened.Promise.IsWhole);
        }

        _replica.Write(epoch: 4, entries: 3);
        using var refusing = _replica.Open();
        Assert.Equal(new SequenceNumber(8), refusing.End.Last);
        _replica.AssertHoldsOnlyHistory(refusing);
    }

    [Fact]
    public void What_was_acknowledged_and_clipped_binds_nobody()
    {
        _replica.Write(epoch: 1, entries: 10);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 2, start: 6);
            _replica.Append(store, entries: 2, payloadBytes: 100, watermark: false);
        }

        // Torn beyond what the new segment has acknowledged: clipped, not missed.
        TestReplica.Overwrite(_replica.SegmentFile(2, 6), TestReplica.FrameOffset(0), new byte[512]);
        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(new SequenceNumber(5), reopened.End.Last);
        Assert.True(reopened.Promise.IsWhole);
    }

    [Fact]
    public void A_restarted_follower_goes_on_in_a_new_segment_of_the_same_reign()
    {
        _replica.Write(epoch: 5, entries: 3);
        _replica.Write(epoch: 5, entries: 4);
        using (var store = _replica.OpenAmongSeveral())
        {
            Assert.Equal(["5-1", "5-4"], _replica.SegmentNames());
            _replica.AssertHoldsOnlyHistory(store);
            Assert.Throws<InvariantViolationException>(() => store.BeginSegment(new Epoch(4)));
        }

        // The newest segment's acknowledged entries bind, although an older one of the reign begins before it.
        TestReplica.Overwrite(_replica.SegmentFile(5, 4), TestReplica.FrameOffset(3), new byte[512]);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_that_was_begun_and_got_no_entry_is_begun_again(bool torn)
    {
        _replica.Write(epoch: 5, entries: 3);
        using (var store = _replica.OpenAmongSeveral())
        {
            store.BeginSegment(new Epoch(5));
        }

        if (torn)
        {
            TestReplica.Overwrite(_replica.SegmentFile(5, 4), 512, 1, 2, 3);
        }

        _replica.Write(epoch: 5, entries: 2);
        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(new SequenceNumber(5), reopened.End.Last);
        Assert.Equal(["5-1", "5-4"], _replica.SegmentNames());
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void A_replica_that_is_not_whole_sets_aside_what_it_clips()
    {
        _replica.Write(epoch: 1, entries: 5);
        _replica.Write(epoch: 2, entries: 5);
        _replica.Write(epoch: 2, entries: 5);
        _replica.LoseWholeness(epoch: 2);
        using var store = _replica.OpenAmongSeveral();
        _replica.Begin(store, 2, start: 6);
        Assert.Equal(["1-1", "2-11.set-aside", "2-6", "2-6.set-aside"], _replica.SegmentNames());
        _replica.Append(store);
        store.Flush();
        _replica.Begin(store, 2, start: 6);
        Assert.Equal(["1-1", "2-11.set-aside", "2-6", "2-6.set-aside", "2-6.set-aside.2"], _replica.SegmentNames());
        store.MarkWhole();
        Assert.Equal(["1-1", "2-6"], _replica.SegmentNames());
        Assert.True(store.Promise.IsWhole);
    }

    [Fact]
    public void Entries_of_older_reigns_may_be_copied_into_a_newer_segment()
    {
        _replica.Write(epoch: 1, entries: 10);
        using (var store = _replica.OpenAmongSeveral())
        {
            store.BeginSegment(new Epoch(7), new SequenceNumber(6));
            foreach (var entry in _replica.Written.Skip(5))
            {
                store.Append(entry.Header, entry.Encoded, entry.Hash);
            }

            store.Flush();
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(new Epoch(1), reopened.End.LastEpoch);
        Assert.Equal(new SequenceNumber(10), reopened.End.Last);
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void The_end_at_any_held_position_is_read_from_disk()
    {
        _replica.Write(epoch: 1, entries: 4);
        using var store = _replica.OpenAmongSeveral();
        _replica.Begin(store, 2);
        _replica.Append(store, entries: 3, payloadBytes: 100, watermark: true);
        _replica.Append(store);
        for (var position = 0UL; position <= 7; position++)
        {
            Assert.Equal(_replica.EndAt(position), store.EndAt(new SequenceNumber(position)));
        }

        Assert.Null(store.TryEndAt(new SequenceNumber(8)));
        var missing = Assert.Throws<EntryNotHeldException>(() => store.EndAt(new SequenceNumber(8)));
        Assert.Equal((1UL, 7UL), (missing.Head.Value, missing.Last.Value));
        TestReplica.FlipBit(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(2) + 40);
        Assert.Throws<JournalRefusedException>(() => store.EndAt(new SequenceNumber(3)));
    }

    [Fact]
    public void A_register_that_closed_more_than_an_absent_replica_holds_makes_no_damage()
    {
        _replica.Write(epoch: 1, entries: 10);
        var closed = new ClosedEpoch(new Epoch(1), new SequenceNumber(21), new ChainHash(9));
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal(closed).Reason);
        using var store = _replica.OpenAmongSeveral(closed);
        Assert.True(store.Promise.IsWhole);
        Assert.Equal(new SequenceNumber(10), store.End.Last);
    }

    [Fact]
    public void A_register_that_closed_less_than_a_replica_acknowledged_clips_it()
    {
        _replica.Write(epoch: 1, entries: 10);
        using var store = _replica.OpenAmongSeveral(new ClosedEpoch(new Epoch(1), new SequenceNumber(8), _replica.EndAt(7).LastHash));
        Assert.True(store.Promise.IsWhole);
        Assert.Equal(_replica.EndAt(7), store.End);
        store.ReadEntries(new(1), new(100), (in ScannedEntry entry) => entry.Header.Sequence.Value <= 7);
    }

    [Fact]
    public void A_journal_may_be_clipped_before_its_first_entry()
    {
        _replica.Write(epoch: 1, entries: 5);
        _replica.Write(epoch: 2, entries: 5);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 3, start: 1);
            Assert.Equal(JournalEnd.Empty(TestReplica.Identity.Journal), store.End);
            Assert.Equal(["3-1"], _replica.SegmentNames());
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal((SequenceNumber.None, true), (reopened.End.Last, reopened.Promise.IsWhole));
    }

    [Fact]
    public void The_last_entry_alone_may_be_clipped_and_the_same_clip_repeated()
    {
        _replica.Write(epoch: 1, entries: 5);
        using var store = _replica.OpenAmongSeveral();
        for (var time = 0; time < 3; time++)
        {
            _replica.Begin(store, 2, start: 5);
            Assert.Equal(_replica.EndAt(4), store.End);
            Assert.Equal(["1-1", "2-5"], _replica.SegmentNames());
            _replica.Append(store, entries: 1, payloadBytes: 100 + time, watermark: true);
            _replica.AssertHoldsOnlyHistory(store);
        }
    }

    [Fact]
    public void Entries_of_a_segment_that_replaced_one_of_its_own_name_count_before_they_are_acknowledged()
    {
        _replica.Write(epoch: 5, entries: 5);
        _replica.Write(epoch: 5, entries: 5);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 5, start: 6);
            _replica.Append(store, entries: 2, payloadBytes: 110, watermark: false);
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(_replica.EndAt(7), reopened.End);
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void What_an_interrupted_clip_took_away_stays_away_when_only_the_watermark_moves()
    {
        InterruptClip();
        for (var start = 0; start < 2; start++)
        {
            using var store = _replica.Open();
            Assert.Equal(_replica.EndAt(5), store.End);
            store.WriteWatermark(store.FlushedEnd.Last);
        }
    }

    [Fact]
    public void An_interrupted_clip_is_finished_by_whoever_starts_next_also_alone()
    {
        InterruptClip();
        _replica.Write(epoch: 6, entries: 20);
        using var reopened = _replica.Open();
        Assert.Equal(["5-1", "6-6"], _replica.SegmentNames());
        Assert.Equal(_replica.EndAt(25), reopened.End);
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void What_a_snapshot_covers_is_never_clipped()
    {
        // The next start would come back with it.
        _replica.Write(epoch: 1, entries: 10);
        using var store = _replica.OpenAmongSeveral();
        TestSnapshots.Publish(store, _replica.EndAt(6));
        Assert.Throws<InvariantViolationException>(() => store.BeginSegment(new Epoch(2), new SequenceNumber(6)));
        Assert.Equal(["1-1"], _replica.SegmentNames());
        _replica.Begin(store, 2, start: 7);
        Assert.Equal(_replica.EndAt(6), store.End);
    }

    /// <summary>Kills a clip behind entry 5, to the start of a segment of the same name, when its watermark is durable.</summary>
    private void InterruptClip()
    {
        _replica.Write(epoch: 5, entries: 5);
        _replica.Write(epoch: 5, entries: 5);
        _replica.Write(epoch: 5, entries: 5);
        var disk = new FaultInjectingDisk(new PhysicalDisk());
        using (var store = ReplicaStore.Open(_replica.Path, TestReplica.Identity, disk, TestReplica.Small, [], DamagePolicy.RollBack))
        {
            disk.Rule = operation => operation.Kind == DiskOperationKind.Rename ? new DiskFault.Fail("killed") : null;
            Assert.Throws<StorageFaultException>(() => store.BeginSegment(new Epoch(5), new SequenceNumber(6)));
        }

        _replica.Written.RemoveRange(5, 10);
    }
}
