using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Tests.Replica;

/// <summary>A clip that is killed, or loses its power, before each of its changes to the disk: the old journal or the clipped one.</summary>
public sealed class ClipCrashTests : IDisposable
{
    private readonly TestReplica _template = new();

    public void Dispose() => _template.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clip_of_several_segments(bool whole)
    {
        _template.Write(epoch: 1, entries: 10);
        _template.Write(epoch: 2, entries: 5);
        _template.Write(epoch: 3, entries: 5);
        Run(whole, epoch: 4, start: 6, possibleEnds: [20, 5]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clip_does_not_bring_back_what_an_earlier_clip_took_away(bool whole)
    {
        _template.Write(epoch: 1, entries: 10);
        using (var store = _template.OpenAmongSeveral())
        {
            _template.Begin(store, 2, start: 6);
            _template.Append(store, entries: 2, payloadBytes: 100, watermark: true);
        }

        Run(whole, epoch: 3, start: 6, possibleEnds: [7, 5]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clip_within_one_reign(bool whole)
    {
        _template.Write(epoch: 5, entries: 5);
        _template.Write(epoch: 5, entries: 5);
        _template.Write(epoch: 5, entries: 5);
        Run(whole, epoch: 5, start: 6, possibleEnds: [15, 5]);
        Run(whole, epoch: 5, start: 8, possibleEnds: [15, 7]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_segment_at_the_tail_after_a_restart_in_the_same_reign(bool whole)
    {
        _template.Write(epoch: 5, entries: 5);
        _template.Write(epoch: 5, entries: 0);
        Run(whole, epoch: 5, start: 6, possibleEnds: [5]);
    }

    private void Run(bool whole, ulong epoch, ulong start, ulong[] possibleEnds)
    {
        if (!whole)
        {
            _template.LoseWholeness(epoch);
        }

        var points = CrashPoints.Run((disk, directory) =>
        {
            using var replica = new TestReplica(_template, directory, disk);
            using var store = replica.OpenAmongSeveral();
            store.BeginSegment(new Epoch(epoch), new SequenceNumber(start));
        },
        (directory, completed) =>
        {
            var path = directory.Combine("replica");
            using (var store = Open(path))
            {
                Assert.Equal(whole, store.Promise.IsWhole);
                Assert.Contains(store.End.Last.Value, completed ? possibleEnds[^1..] : possibleEnds);
                _template.AssertHoldsOnlyHistory(store);

                // Whoever was interrupted is asked again, and goes on.
                store.BeginSegment(new Epoch(epoch), new SequenceNumber(start));
                var entry = new EntryChain(TestReplica.Identity.Journal, store.End) { Epoch = new Epoch(epoch) }.Next();
                store.Append(entry.Header, entry.Encoded, entry.Hash);
                store.Flush();
                store.WriteWatermark(store.FlushedEnd.Last);
            }

            using var again = Open(path);
            Assert.Equal(new SequenceNumber(start), again.End.Last);
            Assert.Equal(whole, again.Promise.IsWhole);
            Assert.Equal(!whole && possibleEnds.Length > 1, Directory.GetDirectories(new ReplicaPaths(path).Segments).Any(name => name.Contains("set-aside", StringComparison.Ordinal)));
        });
        Assert.True(points > 10, $"only {points} crash points");
    }

    private static ReplicaStore Open(string path) =>
        ReplicaStore.Open(path, TestReplica.Identity, new PhysicalDisk(), TestReplica.Small, [], Journal.Recovery.DamagePolicy.RollBack);
}
