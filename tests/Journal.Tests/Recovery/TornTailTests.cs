using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>What an interrupted write leaves: clipped, and never seen again.</summary>
public sealed class TornTailTests : IDisposable
{
    private readonly FaultInjectingDisk _disk = new(new PhysicalDisk());
    private readonly TestReplica _replica;

    public TornTailTests() => _replica = new TestReplica(_disk);

    public void Dispose() => _replica.Dispose();

    [Theory]
    [InlineData(0b0000_0000)]
    [InlineData(0b0000_0001)]
    [InlineData(0b0000_0110)]
    [InlineData(0b1111_1110)]
    [InlineData(0b1010_1010)]
    [InlineData(0b0101_0101)]
    public void Whatever_sectors_of_the_last_flush_arrive_what_was_acknowledged_stays(int arriving)
    {
        TearFlush(sector => ((arriving >> sector) & 1) != 0, appends: 8);
        using var store = _replica.Open();
        Assert.InRange(store.End.Last.Value, 10ul, 18ul);
    }

    [Fact]
    public void A_clipped_tail_does_not_come_back_behind_the_next_reign()
    {
        TearFlush(sector => sector != 1, appends: 8);
        JournalEnd clipped;
        using (var store = _replica.Open())
        {
            clipped = store.End;
            Assert.InRange(clipped.Last.Value, 10ul, 17ul);
            Assert.Contains(store.Report, line => line.Contains("a torn last flush", StringComparison.Ordinal));
        }

        _replica.Write(epoch: 2, entries: 3);
        var expected = _replica.Chain.End;
        using var again = _replica.Open(new ClosedEpoch(new(1), clipped.Tail, clipped.LastHash));
        Assert.Equal(expected, again.End);
        var epochs = new List<ulong>();
        again.ReadEntries(new(1), again.End.Tail, (in ScannedEntry entry) =>
        {
            epochs.Add(entry.Header.Epoch.Value);
            return true;
        });
        Assert.Equal([.. Enumerable.Repeat(1ul, (int)clipped.Last.Value), 2, 2, 2], epochs);
    }

    [Fact]
    public void Recovering_twice_decides_the_same()
    {
        TearFlush(sector => sector is 0 or 3, appends: 8);
        JournalEnd first;
        using (var store = _replica.Open())
        {
            first = store.End;
        }

        using var again = _replica.Open();
        Assert.Equal(first, again.End);
    }

    [Fact]
    public void An_append_of_several_entries_is_kept_whole_or_not_at_all()
    {
        using (var store = _replica.Open())
        {
            _replica.Begin(store, 1);
            _replica.Append(store, endsAppend: true);
            _replica.Append(store, endsAppend: false);
            _replica.Append(store, endsAppend: false);
            store.Flush();
        }

        using var reopened = _replica.Open();
        Assert.Equal(new SequenceNumber(1), reopened.End.Last);
        Assert.Contains(reopened.Report, line => line.Contains("an append cut short", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_an_append_that_is_not_complete_nothing_is_acknowledged()
    {
        using (var store = _replica.Open())
        {
            _replica.Begin(store, 1);
            _replica.Append(store, endsAppend: true);
            _replica.Append(store, endsAppend: false);
            store.Flush();
            Assert.Equal((new SequenceNumber(1), new SequenceNumber(2)), (store.FlushedAppendEnd.Last, store.FlushedEnd.Last));
            store.WriteWatermark(store.FlushedEnd.Last);
        }

        using var reopened = _replica.Open();
        Assert.Equal(new SequenceNumber(1), reopened.End.Last);
    }

    [Fact]
    public void An_append_that_lost_its_end_below_the_watermark_is_refused()
    {
        using (var store = _replica.Open())
        {
            _replica.Begin(store, 1);
            _replica.Append(store, endsAppend: true);
            _replica.Append(store, endsAppend: false);
            _replica.Append(store, endsAppend: true);
            store.Flush();
            store.WriteWatermark(store.FlushedEnd.Last);
        }

        var lost = TestReplica.FrameOffset(2);
        TestReplica.Overwrite(_replica.SegmentFile(1, 1), lost, new byte[TestReplica.FrameOffset(3) - lost]);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Fact]
    public void Entries_behind_the_end_of_a_closed_epoch_are_clipped_and_left_on_disk()
    {
        _replica.Write(epoch: 1, entries: 10, watermark: false);
        JournalEnd? at7 = _replica.EndAt(7);
        var bytes = File.ReadAllBytes(_replica.SegmentFile(1, 1));
        using var store = _replica.Open(new ClosedEpoch(new(1), new(8), at7!.Value.LastHash));
        Assert.Equal(at7, store.End);
        Assert.Equal(bytes, File.ReadAllBytes(_replica.SegmentFile(1, 1)));
    }

    [Fact]
    public void A_closed_epoch_of_another_history_is_refused()
    {
        _replica.Write(epoch: 1, entries: 10, watermark: false);
        Assert.Equal(RefusalReason.Contradiction, _replica.Refusal(new ClosedEpoch(new(1), new(8), new ChainHash(123))).Reason);
    }

    /// <summary>Acknowledges ten entries, then appends <paramref name="appends"/> more in a flush of which only some sectors arrive.</summary>
    private void TearFlush(Func<int, bool> arrives, int appends)
    {
        using var store = _replica.Open();
        _replica.Begin(store, 1);
        for (var i = 0; i < 10; i++)
        {
            _replica.Append(store);
            store.Flush();
        }

        store.WriteWatermark(store.FlushedEnd.Last);
        for (var i = 0; i < appends; i++)
        {
            _replica.Append(store);
        }

        _disk.Rule = operation => operation.Kind == DiskOperationKind.Write ? new DiskFault.TornWrite(arrives) : null;
        store.Flush();
        _disk.Rule = null;
    }
}
