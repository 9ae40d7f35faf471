using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.Journal.Tests.Disk;

/// <summary>The disks that fail on purpose fail as they say: the tests that rely on them can fail.</summary>
public sealed class FaultDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly PowerCutDisk _cache = new(new PhysicalDisk());

    private string Path => _directory.Combine("file");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_power_cut_loses_what_was_not_synced_and_keeps_what_was()
    {
        using (var file = Create())
        {
            file.Write(0, Bytes(1, 1024));
            file.SyncData();
            file.Write(256, Bytes(2, 512));
        }

        _cache.CutPower(() => false);
        Assert.Equal(Bytes(1, 1024), File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_power_cut_may_keep_one_sector_of_a_write_and_lose_the_other()
    {
        using (var file = Create())
        {
            file.Write(0, Bytes(1, 1024));
            file.SyncData();
            file.Write(256, Bytes(2, 512));
        }

        var survives = false;
        _cache.CutPower(() => survives = !survives);
        Assert.Equal([.. Bytes(1, 256), .. Bytes(2, 256), .. Bytes(1, 512)], File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_sync_that_is_lost_makes_nothing_durable()
    {
        var disk = new FaultInjectingDisk(_cache)
        {
            Rule = operation => operation.Kind == DiskOperationKind.SyncData ? new DiskFault.Lost() : null,
        };
        Create().Dispose();
        using (var file = disk.Open(Path, writable: true))
        {
            file.Write(0, Bytes(1, 512));
            file.SyncData();
        }

        _cache.CutPower(() => false);
        Assert.DoesNotContain((byte)1, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_name_that_was_not_synced_is_lost()
    {
        _cache.Create(Path).Dispose();
        _cache.Rename(Path, Path + ".new");
        Assert.True(File.Exists(Path + ".new"));
        _cache.CutPower(() => false);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public void A_short_write_leaves_its_beginning_and_throws()
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk())
        {
            Rule = operation => operation.Kind == DiskOperationKind.Write ? new DiskFault.ShortWrite(3, "short") : null,
        };
        using (var file = disk.Create(Path))
        {
            var fault = Assert.Throws<StorageFaultException>(() => file.Write(0, Bytes(1, 10)));
            Assert.Equal(new DiskOperation(DiskOperationKind.Write, Path, 0, 10), fault.Operation);
        }

        Assert.Equal(Bytes(1, 3), File.ReadAllBytes(Path));
    }

    /// <summary>Why the sync matters: without it the same scenario that the crash tests run does lose acknowledged entries, and says so.</summary>
    [Fact]
    public void A_drive_that_swallows_syncs_is_found_out_by_the_next_start()
    {
        var disk = new FaultInjectingDisk(_cache);
        using var replica = new TestReplica(disk);
        using (var store = replica.Open())
        {
            replica.Begin(store, 1);
            disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData ? new DiskFault.Lost() : null;
            replica.Append(store);
            store.Flush();
        }

        _cache.CutPower(() => false);
        disk.Rule = null;
        var refusal = replica.Refusal(new ClosedEpoch(new(1), new(2), replica.Chain.End.LastHash));
        Assert.Equal(RefusalReason.AcknowledgedMissing, refusal.Reason);
    }

    [Fact]
    public void A_missing_file_is_a_fault_that_names_it()
    {
        var fault = Assert.Throws<StorageFaultException>(() => new PhysicalDisk().Open(Path, writable: false));
        Assert.Equal(new DiskOperation(DiskOperationKind.Open, Path), fault.Operation);
        Assert.Throws<StorageFaultException>(() => new PhysicalDisk().SyncDirectory(Path));
    }

    private static byte[] Bytes(byte value, int count) => [.. Enumerable.Repeat(value, count)];

    private IDiskFile Create()
    {
        var file = _cache.Create(Path);
        _cache.SyncDirectory(_directory.Path);
        return file;
    }
}
