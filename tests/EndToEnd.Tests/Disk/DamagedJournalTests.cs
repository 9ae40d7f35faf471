using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>What happens to disks between two starts: the node refuses with the file and byte position, and changes nothing; put right again, it has everything.</summary>
public sealed partial class DamagedJournalTests(TestRun run) : IAsyncLifetime
{
    private const int JournalFault = 74;

    /// <summary>Largest entry of a grant: the damage is reported at the start of its frame.</summary>
    private const int FrameBytesMax = 1024;

    private readonly PlaneProcess _plane = new(run.NewDirectory("damage"));
    private LeaseHandle _lease = null!;

    private byte[] RequestId => _lease.Lease.RequestId.ToByteArray();

    public async ValueTask InitializeAsync()
    {
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client);
        _lease = await client.AllocateAsync(EchoFunction.Lease(), TestContext.Current.CancellationToken);
        for (var more = 0; more < 20; more++)
        {
            await using var brief = await client.AllocateAsync(EchoFunction.Lease(), TestContext.Current.CancellationToken);
        }

        await _plane.KillAsync();
    }

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public async Task A_flipped_bit_in_an_acknowledged_entry()
    {
        var (file, offset) = JournalFiles.Find(_plane.Journal, RequestId);
        JournalFiles.FlipBit(file, offset);

        AssertNamed(file, offset, await RefusedAsync());

        JournalFiles.FlipBit(file, offset);
        await AssertTheLeaseIsThereAsync();
    }

    [Fact]
    public async Task A_zeroed_sector_in_acknowledged_entries()
    {
        var (file, offset) = JournalFiles.Find(_plane.Journal, RequestId);
        JournalFiles.ZeroSector(file, offset);
        AssertNamed(file, offset, await RefusedAsync());
    }

    [Fact]
    public async Task A_cut_file()
    {
        var (file, offset) = JournalFiles.Find(_plane.Journal, RequestId);
        JournalFiles.Cut(file, offset);
        AssertNamed(file, offset, await RefusedAsync());
    }

    [Fact]
    public async Task A_file_that_is_gone()
    {
        var (file, _) = JournalFiles.Find(_plane.Journal, RequestId);
        var aside = Path.Combine(_plane.Root, "aside");
        File.Move(file, aside);

        Assert.Contains(file, await RefusedAsync(), StringComparison.Ordinal);

        File.Move(aside, file);
        await AssertTheLeaseIsThereAsync();
    }

    [Fact]
    public async Task A_missing_register_is_not_an_empty_start()
    {
        foreach (var file in Directory.GetFiles(_plane.Journal, "register.*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        Assert.Contains(Path.Combine(_plane.Journal, "register"), await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_directory()
    {
        var foreign = Path.Combine(_plane.Journal, "replica");
        Directory.Delete(_plane.Journal, recursive: true);
        Directory.CreateDirectory(foreign);
        await File.WriteAllTextAsync(Path.Combine(foreign, "holiday.jpg"), "not a journal", TestContext.Current.CancellationToken);

        Assert.Contains(foreign, await RefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_journals_replica()
    {
        var replica = Path.Combine(_plane.Journal, "replica");
        Directory.Delete(replica, recursive: true);
        Directory.Move(Path.Combine(_plane.Data, "plane", "dev", "replica"), replica);

        Assert.Contains(replica, await RefusedAsync(), StringComparison.Ordinal);
    }

    /// <summary>Starts the plane, which must refuse and leave the journal as it is; what it said.</summary>
    private async Task<string> RefusedAsync()
    {
        var before = JournalFiles.Fingerprint(_plane.Journal);
        await _plane.LaunchAsync();
        Assert.True(await _plane.Process.ExitAsync() == JournalFault, $"expected {JournalFault} and a refusal:\n{_plane.Said}");
        Assert.Equal(before, JournalFiles.Fingerprint(_plane.Journal));
        return _plane.Said;
    }

    private async Task AssertTheLeaseIsThereAsync()
    {
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        Assert.True(Primitives.RequestId.TryRead(RequestId, out var request));
        var found = await client.LookupAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(_lease.Fence, found.Leases.Single().Fence.ToPrimitive());
    }

    private static void AssertNamed(string file, long offset, string said)
    {
        Assert.Contains(file, said, StringComparison.Ordinal);
        var position = long.Parse(BytePosition().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(position, offset - FrameBytesMax, offset);
    }

    [GeneratedRegex("at byte ([0-9]+)")]
    private static partial Regex BytePosition();
}
