using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>
/// Segments below a snapshot that was begun at, when the start that follows finds them still there: what is served is joined to the
/// snapshot, and of the same history.
/// </summary>
public sealed class OvertakenSegmentsTests : IDisposable
{
    private static readonly JournalEnd At100 = new(new(100), new ChainHash(77), new Epoch(4), new JournalTime(5));
    private readonly TestReplica _replica = new();

    public OvertakenSegmentsTests() => _replica.Write(epoch: 1, entries: 10);

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void A_torn_tail_below_the_snapshot_is_not_the_beginning_of_the_journal()
    {
        // A header that promises more than its sectors hold: a write that was torn, clipped when the replica opened.
        var chain = new EntryChain(TestReplica.Identity.Journal, _replica.EndAt(10));
        var torn = chain.Next(payloadBytes: 1500).Encoded;
        TestReplica.Overwrite(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(10), [.. BitConverter.GetBytes(torn.Length), .. torn[..200]]);
        AssertBeginsAtTheSnapshot(InterruptStartAt(At100), isWhole: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damage_below_the_snapshot_is_not_the_beginning_of_the_journal(bool whole)
    {
        if (!whole)
        {
            TestReplica.FlipBit(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(5) + 40);
        }

        var store = InterruptStartAt(At100, beforeStart: () =>
        {
            if (whole)
            {
                TestReplica.FlipBit(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(5) + 40);
            }
        });
        AssertBeginsAtTheSnapshot(store, whole);
        Assert.Equal(whole ? [] : ["1-1.set-aside"], _replica.SegmentNames());
    }

    [Fact]
    public void Entries_of_another_history_than_the_snapshots_are_never_served()
    {
        var other = _replica.EndAt(5) with { LastHash = new ChainHash(99) };
        AssertBeginsAtTheSnapshot(InterruptStartAt(other), isWhole: false);
        Assert.Equal(["1-1.set-aside"], _replica.SegmentNames());
    }

    [Fact]
    public void Entries_of_the_same_history_are_served_up_to_the_snapshot()
    {
        using var store = InterruptStartAt(_replica.EndAt(5));
        Assert.Equal((_replica.EndAt(5), true), (store.End, store.Promise.IsWhole));
        Assert.Equal(new SequenceNumber(1), store.Head);
        _replica.AssertHoldsOnlyHistory(store);
    }

    [Fact]
    public void Overtaken_segments_do_not_come_back_below_a_later_snapshot()
    {
        using (var store = _replica.Open())
        {
            TestSnapshots.Publish(store, At100);
        }

        JournalEnd end;
        using (var store = _replica.Open())
        {
            Assert.Equal(At100, store.End);
            store.BeginSegment(new Epoch(7));
            var chain = new EntryChain(TestReplica.Identity.Journal, store.End) { Epoch = new(7) };
            for (var i = 0; i < 3; i++)
            {
                var entry = chain.Next();
                store.Append(entry.Header, entry.Encoded, entry.Hash);
            }

            store.Flush();
            end = store.End;
            TestSnapshots.Publish(store, end);
        }

        using var reopened = _replica.Open();
        Assert.Equal((end, new SequenceNumber(101)), (reopened.End, reopened.Head));
        Assert.Equal(3, ReadAll(reopened));
    }

    [Theory]
    [InlineData(DamagePolicy.Refuse)]
    [InlineData(DamagePolicy.RollBack)]
    public void A_snapshot_of_a_newer_format_stops_an_older_program_instead_of_passing_for_damage(DamagePolicy policy)
    {
        using (var store = _replica.Open())
        {
            TestSnapshots.Publish(store, _replica.EndAt(5));
            TestSnapshots.Publish(store, _replica.EndAt(10));
        }

        TestSnapshots.MakeNewer(Path.Combine(_replica.Paths.Snapshots, "10"));
        var refusal = Assert.Throws<JournalRefusedException>(
            () => ReplicaStore.Open(_replica.Path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], policy));
        Assert.Equal(RefusalReason.NewerFormat, refusal.Reason);
        Assert.Contains("byte 4", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertBeginsAtTheSnapshot(ReplicaStore store, bool isWhole)
    {
        using (store)
        {
            Assert.Equal(isWhole, store.Promise.IsWhole);
            Assert.Equal(store.End.Tail, store.Head);
            Assert.Throws<EntryNotHeldException>(() => store.EndAt(new(4)));
        }
    }

    private static int ReadAll(ReplicaStore store)
    {
        var read = 0;
        store.ReadEntries(store.Head, store.End.Tail, (in ScannedEntry _) => ++read > 0);
        return read;
    }

    /// <summary>Kills a beginning behind a snapshot when its watermark is durable and before any segment is retired, and starts again.</summary>
    private ReplicaStore InterruptStartAt(JournalEnd at, Action? beforeStart = null)
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk());
        using (var store = ReplicaStore.Open(_replica.Path, TestReplica.Identity, disk, TestReplica.Small, [], DamagePolicy.RollBack))
        {
            TestSnapshots.Publish(store, at);
            var header = store.Snapshots.FindNewest(_ => { })!.Value;
            disk.Rule = operation => operation.Kind == DiskOperationKind.Rename ? new DiskFault.Fail("killed") : null;
            Assert.Throws<StorageFaultException>(() => store.StartAt(header));
        }

        beforeStart?.Invoke();
        return _replica.OpenAmongSeveral();
    }
}
