using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>A replica that was away for so long that the others have trimmed what it lacks: it begins anew behind their snapshot.</summary>
public sealed class StartAtTests : IDisposable
{
    private static readonly JournalEnd At100 = new(new(100), new ChainHash(77), new Epoch(4), new JournalTime(5));
    private readonly TestReplica _replica = new();

    public StartAtTests() => _replica.Write(epoch: 1, entries: 10);

    public void Dispose() => _replica.Dispose();

    [Fact]
    public void The_journal_begins_and_ends_at_the_snapshot()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            store.StartAt(Receive(store));
            Assert.Equal((At100, At100), (store.End, store.FlushedEnd));
            Assert.Equal(new SequenceNumber(101), store.Head);
            Assert.Equal(At100, store.EndAt(new(100)));
            Assert.Throws<EntryNotHeldException>(() => store.EndAt(new(10)));
            Assert.Empty(_replica.SegmentNames());
            GoOn(store);
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal((new SequenceNumber(103), true), (reopened.End.Last, reopened.Promise.IsWhole));
        Assert.Equal(new SequenceNumber(101), reopened.Head);
        Assert.Throws<EntryNotHeldException>(() => reopened.BeginSegment(new Epoch(8), new SequenceNumber(50)));
    }

    [Fact]
    public void A_snapshot_that_was_received_and_not_begun_at_overtakes_the_segments_at_the_next_start()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            Receive(store);
        }

        using (var refusing = _replica.Open())
        {
            // Alone, a replica receives none; what it finds it leaves where it is.
            Assert.Equal(At100, refusing.End);
            Assert.Equal(["1-1"], _replica.SegmentNames());
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal((At100, true), (reopened.End, reopened.Promise.IsWhole));
        Assert.Equal(new SequenceNumber(101), reopened.Head);
        Assert.Empty(_replica.SegmentNames());
    }

    [Fact]
    public void A_segment_that_the_snapshot_overtook_and_one_behind_it_leave_no_gap()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            Receive(store);
        }

        var aside = _replica.Path + ".aside";
        Directory.Move(Path.Combine(_replica.Paths.Segments, "1-1"), aside);
        using (var store = _replica.OpenAmongSeveral())
        {
            Assert.False(store.Promise.IsWhole && store.End != At100);
            GoOn(store);
        }

        Directory.Move(aside, Path.Combine(_replica.Paths.Segments, "1-1"));
        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(new SequenceNumber(103), reopened.End.Last);
        Assert.Equal(new SequenceNumber(101), reopened.Head);
    }

    [Fact]
    public void A_replica_that_is_not_whole_keeps_its_segments_until_it_is()
    {
        TestReplica.FlipBit(_replica.SegmentFile(1, 1), TestReplica.FrameOffset(5) + 40);
        using var store = _replica.OpenAmongSeveral();
        store.StartAt(Receive(store));
        GoOn(store);
        Assert.Equal(["1-1.set-aside", "7-101"], _replica.SegmentNames());
        store.MarkWhole();
        Assert.Equal(["7-101"], _replica.SegmentNames());
    }

    [Fact]
    public void If_the_snapshot_is_lost_later_the_replica_is_not_whole()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            store.StartAt(Receive(store));
        }

        TestReplica.FlipBit(Path.Combine(_replica.Paths.Snapshots, "100"), 140);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal((SequenceNumber.None, false), (reopened.End.Last, reopened.Promise.IsWhole));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Receiving_and_beginning_survive_a_kill_anywhere(bool whole)
    {
        if (!whole)
        {
            _replica.LoseWholeness(epoch: 4);
        }

        var points = CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(_replica, directory, disk);
            using var store = replica.OpenAmongSeveral();
            store.StartAt(Receive(store));
        },
        (directory, completed) =>
        {
            var path = directory.Combine("replica");
            using (var store = Open(path))
            {
                Assert.Contains(store.End, completed ? [At100] : new[] { At100, _replica.EndAt(10) });
                Assert.Equal(whole, store.Promise.IsWhole);
                if (store.End != At100)
                {
                    _replica.AssertHoldsOnlyHistory(store);
                    store.StartAt(Receive(store));
                }

                GoOn(store);
            }

            using var again = Open(path);
            Assert.Equal((new SequenceNumber(103), whole), (again.End.Last, again.Promise.IsWhole));
            Assert.Equal(new SequenceNumber(101), again.Head);
            Assert.Equal(whole ? 1 : 2, Directory.GetDirectories(directory.Combine("replica", "segments")).Length);
        });
        Assert.True(points > 10, $"only {points} crash points");
    }

    [Fact]
    public void A_replica_of_another_history_gives_it_up_for_the_snapshot()
    {
        var other = _replica.EndAt(5) with { LastHash = new ChainHash(99) };
        using (var store = _replica.OpenAmongSeveral())
        {
            store.StartAt(Receive(store, other));
            Assert.Equal((other, true), (store.End, store.Promise.IsWhole));
            Assert.Equal(["1-1.set-aside"], _replica.SegmentNames());
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal((other, true), (reopened.End, reopened.Promise.IsWhole));
        Assert.Empty(_replica.SegmentNames());
    }

    [Fact]
    public void Giving_up_another_history_survives_a_kill_anywhere_if_not_always_whole()
    {
        var other = _replica.EndAt(5) with { LastHash = new ChainHash(99) };
        CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(_replica, directory, disk);
            using var store = replica.OpenAmongSeveral();
            store.StartAt(Receive(store, other));
        },
        (directory, completed) =>
        {
            using var store = Open(directory.Combine("replica"));
            Assert.Contains(store.End, completed ? [other] : new[] { other, _replica.EndAt(10) });
            Assert.True(store.Promise.IsWhole || (store.End == other && !completed));
        });
    }

    [Fact]
    public void A_segment_that_begins_just_behind_the_snapshot_is_given_up_as_a_whole_or_not_at_all()
    {
        using var template = new TestReplica();
        template.Write(epoch: 1, entries: 5);
        template.Write(epoch: 1, entries: 5);
        template.Write(epoch: 1, entries: 5);
        CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(template, directory, disk);
            using var store = replica.OpenAmongSeveral();
            store.StartAt(Receive(store, template.EndAt(5)));
        },
        (directory, completed) =>
        {
            using var store = Open(directory.Combine("replica"));
            Assert.True(store.End.Last.Value == 5 || (!completed && store.End.Last.Value == 15), $"ends at {store.End.Last}");
            Assert.True(store.Promise.IsWhole);
            template.AssertHoldsOnlyHistory(store);
        });
    }

    private static ReplicaStore Open(string path) =>
        ReplicaStore.Open(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], DamagePolicy.RollBack);

    private static void GoOn(ReplicaStore store)
    {
        store.BeginSegment(new Epoch(7));
        var chain = new EntryChain(TestReplica.Identity.Journal, store.End) { Epoch = new(7) };
        for (var i = 0; i < 3; i++)
        {
            var entry = chain.Next();
            store.Append(entry.Header, entry.Encoded, entry.Hash);
        }

        store.Flush();
        store.WriteWatermark(store.FlushedEnd.Last);
        var read = 0;
        store.ReadEntries(new(101), new(104), (in ScannedEntry _) => ++read > 0);
        Assert.Equal(3, read);
    }

    /// <summary>Receives the snapshot that another replica has at position 100.</summary>
    private static SnapshotHeader Receive(ReplicaStore store) => Receive(store, At100);

    private static SnapshotHeader Receive(ReplicaStore store, JournalEnd at)
    {
        using var elsewhere = new TemporaryDirectory();
        var source = new SnapshotDirectory(new PhysicalDisk(), elsewhere.Path, TestReplica.Identity.Journal);
        using (var writer = source.Begin(at, stateHash: 7))
        {
            writer.Write(new byte[1000]);
            writer.Complete().Dispose();
            writer.Publish();
        }

        var part = new byte[500];
        source.ReadPart(at.Last, 0, part, out var fileBytes);
        using var receiver = store.Snapshots.Receive(at.Last, fileBytes);
        while (!receiver.IsComplete)
        {
            var read = source.ReadPart(at.Last, receiver.Received, part, out _);
            Assert.True(receiver.Take(receiver.Received, part.AsSpan(0, read)));
        }

        return receiver.Publish();
    }
}
