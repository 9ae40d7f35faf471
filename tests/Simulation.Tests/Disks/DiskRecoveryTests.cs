using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Simulation.Coverage;
using ControlPlane.Simulation.Disks;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Tests.Disks;

public sealed class DiskRecoveryTests
{
    private static readonly JournalId Journal = new(1);
    private readonly SimulatedDisk _disk = new(Journal);
    private readonly DrawStream _luck = new Draws(1).Stream("luck");

    [Fact]
    public void What_was_synced_outlives_a_power_cut()
    {
        Write(5);
        _disk.Sync(new SequenceNumber(5));
        Write(3);

        _disk.TearTail(_luck);

        Assert.InRange(DiskRecovery.Run(_disk, new CoverageMarks()).Last.Value, 5UL, 8UL);
        Assert.True(_disk.Promise.IsWhole, "a torn write behind what was told loses nothing");
    }

    [Fact]
    public void A_changed_bit_in_what_was_acknowledged_leaves_a_replica_that_is_not_whole()
    {
        Write(5);
        _disk.Sync(new SequenceNumber(5));

        _disk.Rot(new SequenceNumber(3), _luck);

        Assert.Equal(2UL, DiskRecovery.Run(_disk, new CoverageMarks()).Last.Value);
        Assert.False(_disk.Promise.IsWhole);
    }

    [Fact]
    public void Half_an_append_is_none()
    {
        Write(2);
        Write(1, endsAppend: false);
        _disk.Sync(new SequenceNumber(2));

        Assert.Equal(2UL, DiskRecovery.Run(_disk, new CoverageMarks()).Last.Value);
        Assert.True(_disk.Promise.IsWhole);
    }

    [Fact]
    public void A_disk_that_lies_keeps_nothing_over_a_power_cut()
    {
        Write(2);
        _disk.Sync(new SequenceNumber(2));
        _disk.Lies = true;
        Write(2);
        _disk.Sync(new SequenceNumber(4));

        Assert.Equal(2UL, _disk.Durable.Value);
    }

    private void Write(int count, bool endsAppend = true)
    {
        var buffer = new byte[EntryCodec.EncodedLength(8)];
        for (var i = 0; i < count; i++)
        {
            var header = new EntryHeader
            {
                Type = EntryType.User,
                Flags = endsAppend ? EntryFlags.EndOfAppend : EntryFlags.None,
                Journal = Journal,
                Epoch = new Epoch(1),
                Sequence = _disk.Last.Next,
                PreviousHash = _disk.EndAt(_disk.Last)!.Value.LastHash,
                CommitSequence = default,
                Time = new JournalTime(1),
                Writer = new ReplicaId(1),
                Client = default,
                ClientSequence = default,
                ProducerVersion = 1,
            };
            var hash = EntryCodec.Write(header, [1, 2, 3, 4, 5, 6, 7, 8], buffer);
            _disk.Write(header, hash, buffer);
        }
    }
}
