using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>A segment that begins within an append, as when a writer comes back before it has brought the rest of it.</summary>
public sealed class HalfAppendTests : IDisposable
{
    private readonly TestReplica _replica = new();

    public HalfAppendTests()
    {
        _replica.Write(epoch: 1, entries: 5);
        using var store = _replica.OpenAmongSeveral();
        _replica.Begin(store, 4);
        _replica.Append(store, endsAppend: false);
        _replica.Append(store, endsAppend: false);
        store.Flush();
        _replica.Begin(store, 4);
        Assert.Equal((7ul, 5ul), (store.FlushedEnd.Last.Value, store.FlushedAppendEnd.Last.Value));
    }

    public void Dispose() => _replica.Dispose();

    [Theory]
    [InlineData(DamagePolicy.Refuse)]
    [InlineData(DamagePolicy.RollBack)]
    public void Half_an_append_does_not_become_a_whole_one_by_a_segment_that_begins_behind_it(DamagePolicy policy)
    {
        for (var start = 0; start < 2; start++)
        {
            using var store = Open(policy);
            Assert.Equal((_replica.EndAt(5), true), (store.End, store.Promise.IsWhole));
            _replica.AssertHoldsOnlyHistory(store);
        }
    }

    [Fact]
    public void The_rest_of_an_append_may_come_in_the_next_segment()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 4);
            _replica.Append(store, endsAppend: false);
            store.Flush();
            _replica.Begin(store, 4);
            _replica.Append(store);
            store.Flush();
            Assert.Equal(7ul, store.FlushedAppendEnd.Last.Value);
        }

        using var reopened = _replica.OpenAmongSeveral();
        Assert.Equal(_replica.EndAt(7), reopened.End);
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void A_half_that_was_clipped_gives_way_to_what_comes_next()
    {
        _replica.Written.RemoveRange(5, 2);
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 5);
            Assert.Equal(["1-1", "5-6"], _replica.SegmentNames());
            _replica.Append(store, entries: 2, payloadBytes: 120, watermark: true);
            _replica.AssertHoldsOnlyHistory(store);
        }

        using var reopened = _replica.Open();
        Assert.Equal(_replica.EndAt(7), reopened.End);
        _replica.AssertHoldsOnlyHistory(reopened);
    }

    [Fact]
    public void Damage_behind_half_an_append_rolls_back_to_the_whole_one_before()
    {
        using (var store = _replica.OpenAmongSeveral())
        {
            _replica.Begin(store, 4);
            _replica.Append(store, endsAppend: false);
            store.Flush();
            _replica.Begin(store, 4);
            _replica.Append(store);
            store.Flush();
            store.WriteWatermark(store.FlushedEnd.Last);
        }

        TestReplica.FlipBit(_replica.SegmentFile(4, 7), TestReplica.FrameOffset(0) + 40);
        using var rolledBack = _replica.OpenAmongSeveral();
        Assert.Equal((_replica.EndAt(5), false), (rolledBack.End, rolledBack.Promise.IsWhole));
    }

    [Fact]
    public void A_segment_that_begins_within_an_append_and_is_killed_anywhere_leaves_whole_appends()
    {
        using var template = new TestReplica();
        template.Write(epoch: 1, entries: 5);
        CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(template, directory, disk) { Chain = new EntryChain(TestReplica.Identity.Journal, template.EndAt(5)) };
            using var store = replica.OpenAmongSeveral();
            replica.Begin(store, 4);
            var half = replica.Chain.Next(endsAppend: false);
            store.Append(half.Header, half.Encoded, half.Hash);
            store.Flush();
            replica.Begin(store, 4);
        },
        (directory, _) =>
        {
            using var store = Open(directory.Combine("replica"), DamagePolicy.RollBack);
            Assert.Equal((template.EndAt(5), true), (store.End, store.Promise.IsWhole));
        });
    }

    private static ReplicaStore Open(string path, DamagePolicy policy) =>
        ReplicaStore.Open(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], policy);

    private ReplicaStore Open(DamagePolicy policy) => Open(_replica.Path, policy);
}
