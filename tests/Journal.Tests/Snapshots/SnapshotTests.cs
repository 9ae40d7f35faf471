using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Snapshots;

public sealed class SnapshotTests : IDisposable
{
    private static readonly JournalId Journal = new(2);
    private readonly TemporaryDirectory _directory = new();
    private readonly List<string> _report = [];

    private SnapshotDirectory Snapshots => new(new PhysicalDisk(), _directory.Path, Journal);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_snapshot_is_read_back_as_it_was_written()
    {
        Publish(10, [1, 2, 3]);
        using var reader = Snapshots.Open(new(10));
        var buffer = new byte[10];
        Assert.Equal(3, reader.Read(buffer));
        Assert.Equal([1, 2, 3], buffer[..3]);
        Assert.Equal(0, reader.Read(buffer));
        Assert.Equal(new SnapshotHeader(Journal, EndAt(10), 1234), reader.Header);
    }

    [Fact]
    public void A_snapshot_of_nothing_is_a_snapshot()
    {
        Publish(10, []);
        Assert.Equal(new(10), Snapshots.FindNewest(_report.Add)!.Value.Applied.Last);
    }

    [Fact]
    public void What_is_not_published_is_not_there()
    {
        using (var writer = Snapshots.Begin(EndAt(5), 0))
        {
            writer.Write([1]);
            using var restored = writer.Complete();
            Assert.Equal(1, restored.PayloadBytes);
            Assert.Null(Snapshots.FindNewest(_report.Add));
        }

        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void Every_damaged_byte_is_reported_and_the_next_older_snapshot_is_used()
    {
        Publish(10, [1, 2, 3]);
        Publish(20, [4, 5, 6]);
        var file = _directory.Combine("20");
        for (var i = 0; i < new FileInfo(file).Length; i++)
        {
            _report.Clear();
            TestReplica.FlipBit(file, i);
            Assert.Equal(new(10), Snapshots.FindNewest(_report.Add)!.Value.Applied.Last);
            Assert.Contains(file, Assert.Single(_report), StringComparison.Ordinal);
            TestReplica.FlipBit(file, i);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(130)]
    public void A_cut_snapshot_is_reported(int length)
    {
        Publish(10, [1, 2, 3]);
        using (var file = File.OpenWrite(_directory.Combine("10")))
        {
            file.SetLength(length);
        }

        Assert.Null(Snapshots.FindNewest(_report.Add));
        Assert.Contains($"byte {length}", Assert.Single(_report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_under_another_position_or_of_another_journal_is_reported()
    {
        Publish(10, [1]);
        File.Move(_directory.Combine("10"), _directory.Combine("30"));
        Assert.Null(Snapshots.FindNewest(_report.Add));
        Assert.Contains("it is of position 10", Assert.Single(_report), StringComparison.Ordinal);

        File.Move(_directory.Combine("30"), _directory.Combine("10"));
        _report.Clear();
        Assert.Null(new SnapshotDirectory(new PhysicalDisk(), _directory.Path, new JournalId(8)).FindNewest(_report.Add));
        Assert.Contains("it is of journal", Assert.Single(_report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_two_whole_snapshots_are_kept()
    {
        foreach (var at in new ulong[] { 10, 20, 30, 40, 50 })
        {
            Publish(at, [1, 2, 3]);
        }

        TestReplica.FlipBit(_directory.Combine("40"), 130);
        Snapshots.DeleteOld(_report.Add);

        // The damaged one is newer than what is kept: it stays for the operator to look at.
        Assert.Equal([50, 40, 30], Snapshots.List().Select(applied => applied.Value));
    }

    [Fact]
    public void Publishing_survives_a_kill_anywhere()
    {
        var published = false;
        var points = CrashPoints.Run((disk, directory) =>
        {
            published = false;
            var snapshots = new SnapshotDirectory(disk, directory.Path, Journal);
            using var writer = snapshots.Begin(EndAt(10), 1);
            writer.Write([1, 2, 3]);
            writer.Complete().Dispose();
            writer.Publish();
            published = true;
        },
        (directory, _) =>
        {
            var found = new SnapshotDirectory(new PhysicalDisk(), directory.Path, Journal).FindNewest(_report.Add);
            Assert.True(found is not null || !published);
            Assert.Empty(_report);
        });
        Assert.Equal(6, points);
    }

    private static JournalEnd EndAt(ulong applied) => new(new(applied), new ChainHash(applied), new Epoch(1), new JournalTime(5));

    private void Publish(ulong applied, byte[] payload)
    {
        using var writer = Snapshots.Begin(EndAt(applied), 1234);
        writer.Write(payload);
        writer.Complete().Dispose();
        writer.Publish();
    }
}
