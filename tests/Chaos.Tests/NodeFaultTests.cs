using ControlPlane.Chaos.Nodes;
using ControlPlane.Journal.Disk;

namespace ControlPlane.Chaos.Tests;

/// <summary>A disk and a clock that obey orders.</summary>
public sealed class NodeFaultTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_disk_fails_as_often_as_it_was_told_and_is_then_whole()
    {
        var disk = new FailingDisk(canLosePower: false);
        using var file = disk.Disk.Create(_directory.In("file"));
        disk.Fail(2);
        Assert.Throws<StorageFaultException>(() => file.Write(0, "x"u8));
        Assert.Throws<StorageFaultException>(file.SyncData);
        file.Write(0, "x"u8);
        file.SyncData();
    }

    [Fact]
    public void A_full_disk_takes_nothing_until_there_is_room_and_is_read_all_the_while()
    {
        var disk = new FailingDisk(canLosePower: false);
        using var file = disk.Disk.Create(_directory.In("file"));
        file.Write(0, "x"u8);
        disk.SetFull(true);
        Assert.Contains("No space", Assert.Throws<StorageFaultException>(() => file.Write(1, "y"u8)).Message, StringComparison.Ordinal);
        Assert.Throws<StorageFaultException>(() => disk.Disk.Create(_directory.In("other")));
        Assert.Equal(1, file.Read(0, new byte[1]));
        disk.SetFull(false);
        file.Write(1, "y"u8);
    }

    [Fact]
    public void A_torn_write_is_reported_as_done_and_arrives_in_parts()
    {
        var disk = new FailingDisk(canLosePower: false);
        using var file = disk.Disk.Create(_directory.In("file"));
        file.ZeroFill(0, 64 * 512);
        disk.Tear(seed: 3);
        file.Write(0, Enumerable.Repeat((byte)1, 64 * 512).ToArray());
        var arrived = File.ReadAllBytes(_directory.In("file")).Chunk(512).Select(sector => sector[0]).ToList();
        Assert.Contains((byte)0, arrived);
        Assert.Contains((byte)1, arrived);
    }

    [Fact]
    public void The_wall_clock_jumps_and_the_monotonic_one_does_not()
    {
        var time = new ShiftedTime();
        var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        time.Jump(TimeSpan.FromHours(-2));
        Assert.InRange(time.GetUtcNow() - wall, TimeSpan.FromHours(-2), TimeSpan.FromHours(-1.9));
        Assert.InRange(time.GetElapsedTime(monotonic), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_frozen_clock_stands_and_goes_on_from_where_it_stood()
    {
        var time = new ShiftedTime();
        time.Run(0);
        var stood = time.GetTimestamp();
        Assert.True(SpinWait.SpinUntil(() => false, TimeSpan.FromMilliseconds(30)) is false && time.GetTimestamp() == stood);
        time.Run(1);
        Assert.True(SpinWait.SpinUntil(() => time.GetTimestamp() > stood, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Timers_that_were_set_while_the_clock_stood_go_off_soon_after_it_runs_again_and_keep_their_period()
    {
        var time = new ShiftedTime();
        time.Run(0);
        var fired = 0;
        await using var timer = time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        await Task.Delay(60, TestContext.Current.CancellationToken);
        Assert.Equal(0, fired);
        time.Run(1);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref fired) >= 3, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_fast_clock_fires_its_timers_early()
    {
        var time = new ShiftedTime();
        time.Run(10);
        var begun = TimeProvider.System.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(5), time, TestContext.Current.CancellationToken);
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(4));
    }
}
