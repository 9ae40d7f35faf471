using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Snapshots;

public sealed class SnapshotReceiverTests : IDisposable
{
    private static readonly SequenceNumber At = new(10);
    private readonly TemporaryDirectory _sent = new();
    private readonly TemporaryDirectory _received = new();

    public SnapshotReceiverTests()
    {
        using var writer = Sender.Begin(new JournalEnd(At, new ChainHash(10), new Epoch(1), new JournalTime(5)), 1234);
        writer.Write([1, 2, 3]);
        writer.Complete().Dispose();
        writer.Publish();
    }

    private SnapshotDirectory Sender => new(new PhysicalDisk(), _sent.Path, TestReplica.Identity.Journal);

    private SnapshotDirectory Receiver => new(new PhysicalDisk(), _received.Path, TestReplica.Identity.Journal);

    private byte[] Bytes => File.ReadAllBytes(_sent.Combine("10"));

    public void Dispose()
    {
        _sent.Dispose();
        _received.Dispose();
    }

    [Fact]
    public void A_snapshot_arrives_in_parts_byte_for_byte()
    {
        var part = new byte[50];
        using (var receiver = Receiver.Receive(At, (ulong)Bytes.Length))
        {
            while (!receiver.IsComplete)
            {
                var read = Sender.ReadPart(At, receiver.Received, part, out var fileBytes);
                Assert.Equal((ulong)Bytes.Length, fileBytes);
                Assert.True(receiver.Take(receiver.Received, part.AsSpan(0, read)));
                Assert.Null(Receiver.FindNewest(_ => { }));
            }

            Assert.Equal(Sender.FindNewest(_ => { }), receiver.Publish());
        }

        Assert.Equal(Bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_received.Path))));
        Assert.Equal(0, Sender.ReadPart(At, 1000, part, out _));
    }

    [Fact]
    public void Only_the_next_part_is_taken()
    {
        using var receiver = Receiver.Receive(At, 131);
        Assert.False(receiver.Take(1, [1]));
        Assert.True(receiver.Take(0, Bytes.AsSpan(0, 100)));
        Assert.False(receiver.Take(0, Bytes.AsSpan(0, 100)));
        Assert.False(receiver.Take(100, new byte[32]));
        Assert.Equal(100ul, receiver.Received);
        Assert.Throws<InvariantViolationException>(() => receiver.Publish());
    }

    [Fact]
    public void No_damaged_byte_gets_through()
    {
        for (var i = 0; i < Bytes.Length; i++)
        {
            var bytes = Bytes;
            bytes[i] ^= 1;
            Refused(At, bytes);
        }
    }

    [Fact]
    public void A_snapshot_of_another_position_journal_or_length_is_refused()
    {
        Refused(new(11), Bytes);
        Refused(At, [.. Bytes, 0]);
        Refused(At, Bytes[..^1]);
        Refused(At, []);
        var other = new SnapshotDirectory(new PhysicalDisk(), _received.Path, new JournalId(99));
        using var receiver = other.Receive(At, (ulong)Bytes.Length);
        receiver.Take(0, Bytes);
        Assert.Throws<SnapshotDamagedException>(() => receiver.Publish());
    }

    [Fact]
    public void A_snapshot_that_is_gone_is_told_apart_from_a_failing_disk()
    {
        var gone = Assert.Throws<SnapshotNotHeldException>(() => Sender.ReadPart(new(11), 0, new byte[10], out _));
        Assert.Equal(new SequenceNumber(11), gone.Position);
    }

    [Fact]
    public void A_receiver_and_a_writer_of_one_position_do_not_meet()
    {
        using var writer = Receiver.Begin(new JournalEnd(At, new ChainHash(10), new Epoch(1), new JournalTime(5)), 1234);
        using (var receiver = Receiver.Receive(At, (ulong)Bytes.Length))
        {
            receiver.Take(0, Bytes);
            writer.Write([1, 2, 3]);
            receiver.Publish();
        }

        writer.Complete().Dispose();
        writer.Publish();
        Assert.Equal(Bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_received.Path))));
    }

    private void Refused(SequenceNumber position, byte[] bytes)
    {
        using (var receiver = Receiver.Receive(position, (ulong)bytes.Length))
        {
            Assert.True(receiver.Take(0, bytes));
            Assert.Throws<SnapshotDamagedException>(() => receiver.Publish());
        }

        Assert.Empty(Directory.GetFiles(_received.Path));
    }
}
