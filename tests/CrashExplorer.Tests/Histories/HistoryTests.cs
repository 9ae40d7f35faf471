using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.Journal.Disk.Faults;

namespace ControlPlane.CrashExplorer.Tests.Histories;

/// <summary>What a power cut may leave, on a disk that was made to do simple things.</summary>
public sealed class HistoryTests
{
    private readonly RecordingDisk _disk = new(new ImageDisk(new DiskImage()));

    private History Recorded => History.Of(new DiskImage(), _disk.Changes);

    [Fact]
    public void The_image_at_each_moment_is_what_the_program_saw()
    {
        using (var file = _disk.Create("/a"))
        {
            file.Write(0, [1, 2, 3]);
            file.Write(1, [9]);
        }

        _disk.Rename("/a", "/b");
        Assert.Equal([1, 2, 3], Recorded.At(2).FileAt("/a")!.ToArray());
        Assert.Equal([1, 9, 3], Recorded.At(4).FileAt("/b")!.ToArray());
    }

    [Fact]
    public void What_was_synced_is_not_among_what_may_be_lost()
    {
        using (var file = _disk.Create("/a"))
        {
            file.Write(0, [1]);
            file.SyncData();
            file.Write(1, [2]);
        }

        var unsynced = UnsyncedChanges.At(Recorded, 4);
        Assert.Equal([3], unsynced.Writes.Select(write => write.Index));
        Assert.Equal([0], unsynced.Names.Select(name => name.Index));
        _disk.SyncDirectory("/");
        Assert.Empty(UnsyncedChanges.At(Recorded, 5).Names);
    }

    [Fact]
    public void A_lost_name_takes_the_file_along_and_not_its_bytes_elsewhere()
    {
        using (var file = _disk.Create("/a"))
        {
            file.Write(0, [1]);
        }

        _disk.Rename("/a", "/b");
        Assert.Equal([1], Recorded.Build(3, [new Loss(2)]).FileAt("/a")!.ToArray());
        Assert.Empty(Recorded.Build(3, [new Loss(0), new Loss(2)]).Files());
    }

    [Fact]
    public void Of_a_torn_write_the_chosen_sectors_keep_what_was_there()
    {
        using (var file = _disk.Create("/a"))
        {
            file.ZeroFill(0, 1536);
            file.Write(0, Enumerable.Repeat((byte)7, 1536).ToArray());
        }

        var torn = Recorded.Build(3, [new Loss(2) { Sectors = new HashSet<long> { 1 } }]).FileAt("/a")!.ToArray();
        Assert.Equal([7, 0, 7], new[] { torn[0], torn[512], torn[1024] });
    }

    [Fact]
    public void A_sector_has_one_version_in_a_cache_so_a_newer_write_brings_the_older_one_along()
    {
        using (var file = _disk.Create("/a"))
        {
            file.Write(0, [1, 1]);
            file.Write(1, [2]);
        }

        Assert.Equal([1, 2], Recorded.Build(3, [new Loss(1)]).FileAt("/a")!.ToArray());
    }

    [Fact]
    public void A_directory_that_is_durably_gone_takes_along_what_was_done_inside()
    {
        _disk.CreateDirectory("/d");
        _disk.Create("/d/a").Dispose();
        _disk.SyncDirectory("/");
        _disk.DeleteFile("/d/a");
        _disk.DeleteDirectory("/d");
        _disk.SyncDirectory("/");
        Assert.True(UnsyncedChanges.At(Recorded, Recorded.Changes.Count).IsEmpty);
    }

    [Fact]
    public void An_image_that_an_earlier_crash_could_leave_is_known_for_that()
    {
        using (var file = _disk.Create("/a"))
        {
            _disk.SyncDirectory("/");
            file.Write(0, [1]);
            file.SyncData();
            file.Write(0, [2]);
            file.SyncData();
        }

        var lostSync = Recorded.Build(6, [new Loss(4)]);
        Assert.Equal(5, HonestPast.Of(Recorded, 6, lostSync));
        lostSync.SetFile("/a", FileContent.Of([3]));
        Assert.Null(HonestPast.Of(Recorded, 6, lostSync));
    }
}
