using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Tests.Replica;

public sealed class ReplicaStoreTests
{
    [Fact]
    public void What_was_flushed_is_there_after_a_restart()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 50);
        using var store = replica.Open();
        Assert.Equal(replica.Chain.End, store.End);
        Assert.Equal(new SequenceNumber(50), store.End.Last);
    }

    [Fact]
    public void Each_start_continues_in_a_segment_of_its_own()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 5);
        replica.Write(epoch: 2, entries: 5);
        replica.Write(epoch: 3, entries: 0);
        replica.Write(epoch: 4, entries: 5);
        using var store = replica.Open();
        Assert.Equal(new SequenceNumber(15), store.End.Last);
        Assert.Equal(["1-1", "2-6", "4-11"], replica.SegmentNames());
    }

    [Fact]
    public void Ranges_are_read_back_across_segments_as_they_were_written()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 7);
        using var store = replica.Open();
        replica.Begin(store, 2);
        var entry = replica.Append(store);
        store.Flush();
        replica.Append(store);
        var read = new List<ulong>();
        var next = store.ReadEntries(new(3), new(100), (in Journal.Segments.ScannedEntry e) =>
        {
            read.Add(e.Header.Sequence.Value);
            if (e.Header.Sequence.Value == 8)
            {
                Assert.Equal(entry.Encoded, e.Encoded.ToArray());
            }

            return true;
        });
        Assert.Equal([3, 4, 5, 6, 7, 8], read);
        Assert.Equal(new SequenceNumber(9), next);
    }

    [Fact]
    public void Two_processes_never_write_one_directory()
    {
        using var replica = new TestReplica();
        using var first = replica.Open();
        Assert.Equal(RefusalReason.Locked, replica.Refusal().Reason);
    }

    [Fact]
    public void A_journal_of_many_pages_and_files_is_recovered()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 60, payloadBytes: 100_000);
        Assert.True(File.Exists(replica.SegmentFile(1, 1, 5)));
        using var store = replica.Open();
        Assert.Equal(replica.Chain.End, store.End);
        var read = 0;
        store.ReadEntries(new(37), store.End.Tail, (in Journal.Segments.ScannedEntry _) => ++read > 0);
        Assert.Equal(24, read);
    }
}
