using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Replica;

public sealed class ReplicaIdentityTests : IDisposable
{
    private readonly TestReplica _replica = new();

    public void Dispose() => _replica.Dispose();

    [Theory]
    [InlineData(9, 2, 3)]
    [InlineData(1, 9, 3)]
    [InlineData(1, 2, 9)]
    public void A_directory_of_another_replica_is_refused(int cluster, int journal, int replica)
    {
        var expected = new ReplicaIdentity(
            new ClusterId((UInt128)cluster), new JournalId((UInt128)journal), new ReplicaId((UInt128)replica));
        var refusal = Assert.Throws<JournalRefusedException>(
            () => ReplicaStore.Open(_replica.Path, expected, _replica.Disk, TestReplica.Small, []));
        Assert.Equal(RefusalReason.WrongIdentity, refusal.Reason);
        Assert.Contains(_replica.Paths.Identity, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damaged_byte_of_the_identity_is_refused()
    {
        for (var i = 0; i < new FileInfo(_replica.Paths.Identity).Length; i++)
        {
            TestReplica.FlipBit(_replica.Paths.Identity, i);
            Assert.Equal(RefusalReason.DamagedIdentity, _replica.Refusal().Reason);
            TestReplica.FlipBit(_replica.Paths.Identity, i);
        }

        _replica.Open().Dispose();
    }

    [Fact]
    public void A_longer_identity_is_refused()
    {
        File.AppendAllText(_replica.Paths.Identity, "x");
        Assert.Equal(RefusalReason.DamagedIdentity, _replica.Refusal().Reason);
    }

    [Fact]
    public void A_missing_identity_is_refused_by_opening_and_by_creating()
    {
        _replica.Write(epoch: 1, entries: 1);
        File.Delete(_replica.Paths.Identity);
        Assert.Equal(RefusalReason.ForeignDirectory, _replica.Refusal().Reason);
        Assert.Equal(RefusalReason.ForeignDirectory, RefusedCreation().Reason);
        Assert.True(File.Exists(_replica.SegmentFile(1, 1)));
    }

    [Fact]
    public void A_directory_of_something_else_is_refused_by_opening_and_by_creating()
    {
        using var other = new TemporaryDirectory();
        File.WriteAllText(other.Combine("letter.txt"), "not a journal");
        var opened = Assert.Throws<JournalRefusedException>(() => ReplicaInspection.Open(other.Path, _replica.Disk));
        var created = Assert.Throws<JournalRefusedException>(
            () => ReplicaStore.Create(other.Path, TestReplica.Identity, _replica.Disk, TestReplica.Small));
        Assert.Equal((RefusalReason.ForeignDirectory, RefusalReason.ForeignDirectory), (opened.Reason, created.Reason));
        Assert.Contains("letter.txt", created.Message, StringComparison.Ordinal);
        Assert.Equal(["letter.txt"], Directory.GetFileSystemEntries(other.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_replica_is_not_created_over_another() =>
        Assert.Equal(RefusalReason.ForeignDirectory, RefusedCreation().Reason);

    [Fact]
    public void A_path_without_a_replica_is_refused()
    {
        using var empty = new TemporaryDirectory();
        Assert.Equal(RefusalReason.NoReplica, Assert.Throws<JournalRefusedException>(() => ReplicaInspection.Open(empty.Path, _replica.Disk)).Reason);
        Assert.Equal(
            RefusalReason.NoReplica,
            Assert.Throws<JournalRefusedException>(() => ReplicaInspection.Open(empty.Combine("nothing"), _replica.Disk)).Reason);
    }

    [Fact]
    public void Something_foreign_among_the_segments_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_replica.Paths.Segments, "backup"));
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.ForeignDirectory, refusal.Reason);
        Assert.Contains("backup is not a segment", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_inspector_reads_beside_a_live_writer()
    {
        using var store = _replica.Open();
        _replica.Begin(store, 1);
        _replica.Append(store);
        store.Flush();
        var inspection = ReplicaInspection.Open(_replica.Path, new PhysicalDisk());
        using var scanner = inspection.ScannerOf(Assert.Single(inspection.ListSegments()));
        Assert.Equal(store.End, scanner.Scan(new() { After = JournalEnd.Empty(TestReplica.Identity.Journal) }).End);
    }

    private JournalRefusedException RefusedCreation() => Assert.Throws<JournalRefusedException>(
        () => ReplicaStore.Create(_replica.Path, TestReplica.Identity, _replica.Disk, TestReplica.Small));
}
