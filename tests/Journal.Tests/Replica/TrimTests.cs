using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Replica;

public sealed class TrimTests : IDisposable
{
    private readonly TestReplica _replica = new();

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void Nothing_is_trimmed_without_a_snapshot()
    {
        _replica.Write(epoch: 1, entries: 10);
        _replica.Write(epoch: 2, entries: 10);
        using var store = _replica.Open();
        Assert.Equal(SequenceNumber.First, store.TrimTo(new(15)));
        Assert.Equal(SequenceNumber.First, store.Head);
    }

    [Fact]
    public void Segments_below_the_snapshot_are_dropped_and_the_rest_is_verified_from_it()
    {
        _replica.Write(epoch: 1, entries: 10);
        _replica.Write(epoch: 2, entries: 10);
        _replica.Write(epoch: 3, entries: 10);
        JournalEnd end;
        using (var store = _replica.Open())
        {
            Snapshot(store, 25);
            Assert.Equal(new(21), store.TrimTo(new(1000)));
            end = store.End;
        }

        Assert.Equal("3-21", Path.GetFileName(Assert.Single(Directory.GetDirectories(_replica.Paths.Segments))));
        using var reopened = _replica.Open();
        Assert.Equal(end, reopened.End);
        Assert.Equal(new(21), reopened.Head);
        Assert.Contains("snapshot at 25 is whole", reopened.Report);
    }

    [Fact]
    public void No_more_is_trimmed_than_asked()
    {
        _replica.Write(epoch: 1, entries: 10);
        _replica.Write(epoch: 2, entries: 10);
        _replica.Write(epoch: 3, entries: 10);
        using var store = _replica.Open();
        Snapshot(store, 25);
        Assert.Equal(new(11), store.TrimTo(new(12)));
        var refusal = Assert.Throws<JournalRefusedException>(() => store.ReadEntries(new(10), new(20), (in ScannedEntry _) => true));
        Assert.Contains("entry 10 was trimmed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_the_segment_that_is_being_written_are_dropped_one_by_one()
    {
        using (var store = _replica.Open())
        {
            _replica.Begin(store, 1);
            for (var i = 0; i < 60; i++)
            {
                _replica.Append(store, payloadBytes: 100_000);
                store.Flush();
            }

            Snapshot(store, 45);
            var head = store.TrimTo(new(1000));
            Assert.InRange(head.Value, 35ul, 45ul);
            Assert.False(File.Exists(_replica.SegmentFile(1, 1)));
            var first = 0ul;
            store.ReadEntries(head, store.End.Tail, (in ScannedEntry entry) =>
            {
                first = first == 0 ? entry.Header.Sequence.Value : first;
                return true;
            });
            Assert.Equal(head.Value, first);
            _replica.Append(store);
            store.Flush();
        }

        using var reopened = _replica.Open();
        Assert.Equal(_replica.Chain.End, reopened.End);
    }

    [Fact]
    public void A_trimmed_journal_that_lost_its_snapshots_is_refused()
    {
        _replica.Write(epoch: 1, entries: 10);
        _replica.Write(epoch: 2, entries: 10);
        using (var store = _replica.Open())
        {
            Snapshot(store, 15);
            store.TrimTo(new(1000));
        }

        File.Delete(Path.Combine(_replica.Paths.Snapshots, "15"));
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.Gap, refusal.Reason);
        Assert.Contains("entries 1 to 10 are missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_of_another_history_is_refused()
    {
        _replica.Write(epoch: 1, entries: 10);
        using (var store = _replica.Open())
        {
            Publish(store, new JournalEnd(new(5), new ChainHash(99), new(1), new(5000)));
        }

        Assert.Equal(RefusalReason.Contradiction, _replica.Refusal().Reason);
    }

    [Fact]
    public void A_journal_may_end_with_its_snapshot()
    {
        _replica.Write(epoch: 1, entries: 10);
        using (var store = _replica.Open())
        {
            Publish(store, store.End);
            store.BeginSegment(new(2));
            Assert.Equal(new(11), store.TrimTo(store.End.Tail));
        }

        using var reopened = _replica.Open();
        Assert.Equal(_replica.Chain.End, reopened.End);
        Assert.Equal(new(11), reopened.Head);
    }

    [Fact]
    public void A_trim_that_is_killed_anywhere_loses_nothing_above_the_snapshot()
    {
        var points = CrashPoints.Run((disk, directory) =>
        {
            // What is there beforehand needs no real syncs.
            var quick = new PowerCutDisk(new PhysicalDisk());
            var path = directory.Combine("replica");
            ReplicaStore.Create(path, TestReplica.Identity, quick, TestReplica.Small);
            for (var epoch = 1UL; epoch <= 3; epoch++)
            {
                using var written = ReplicaStore.Open(path, TestReplica.Identity, quick, TestReplica.Small, []);
                written.BeginSegment(new(epoch));
                var chain = new EntryChain(TestReplica.Identity.Journal, written.End) { Epoch = new(epoch) };
                for (var i = 0; i < 8; i++)
                {
                    var entry = chain.Next(payloadBytes: 250_000);
                    written.Append(entry.Header, entry.Encoded, entry.Hash);
                }

                written.Flush();
                if (epoch == 3)
                {
                    Snapshot(written, 22);
                }
            }

            using var store = ReplicaStore.Open(path, TestReplica.Identity, disk, TestReplica.Small, []);
            store.TrimTo(new(1000));
        },
        (directory, _) =>
        {
            using var store = ReplicaStore.Open(directory.Combine("replica"), TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, []);
            Assert.Equal(new(24), store.End.Last);
            var read = 0;
            store.ReadEntries(new(22), new(25), (in ScannedEntry _) => ++read > 0);
            Assert.Equal(3, read);
        });
        Assert.True(points > 10, $"only {points} crash points");
    }

    private static void Snapshot(ReplicaStore store, ulong at)
    {
        JournalEnd? end = null;
        store.ReadEntries(new(at), new(at + 1), (in ScannedEntry entry) =>
        {
            end = JournalEnd.Behind(entry.Header, entry.Hash);
            return true;
        });
        Publish(store, end!.Value);
    }

    private static void Publish(ReplicaStore store, JournalEnd end)
    {
        using var writer = store.Snapshots.Begin(end, stateHash: 7);
        writer.Write([1, 2, 3]);
        writer.Complete().Dispose();
        writer.Publish();
    }
}
