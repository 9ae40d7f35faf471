using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.JournalInspector.Tests.Samples;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Tests.Salvage;

public sealed class SalvageTests : IDisposable
{
    private readonly SampleJournal _journal = new();

    private string Copy => _journal.Path + "/../copy";

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task A_whole_journal_is_copied_with_everything()
    {
        await SalvagesAsync([]);
        await HasEveryEntryAsync();
        await HasTheLastStateAsync();
    }

    [Fact]
    public async Task Damage_that_a_snapshot_covers_costs_history_only()
    {
        var (file, offset) = _journal.Find(SampleJournal.FirstLease);
        Damage.FlipBit(file, offset + 140);
        await SalvagesAsync(["dump DIR/../copy", "trace DIR/../copy --lease 20"]);
        await HasTheLastStateAsync();
    }

    [Fact]
    public async Task Damage_behind_the_snapshot_costs_what_follows()
    {
        var (file, offset) = _journal.Find(20);
        Damage.FlipBit(file, offset + 140);
        await SalvagesAsync(["verify DIR/../copy --deep", "state DIR/../copy"]);
    }

    [Fact]
    public async Task Without_a_snapshot_only_the_beginning_can_be_opened_again()
    {
        File.Delete(_journal.Replica("snapshots", "16"));
        var (file, offset) = _journal.Find(13);
        Damage.ZeroSector(file, offset);
        await SalvagesAsync(["verify DIR/../copy --deep", "dump DIR/../copy --from 8"]);
    }

    [Fact]
    public async Task Without_any_entry_the_snapshot_is_left()
    {
        Directory.Delete(_journal.Replica("segments", "1-1"), recursive: true);
        Directory.Delete(_journal.Replica("segments", "2-17"), recursive: true);
        await SalvagesAsync(["state DIR/../copy"]);
    }

    [Fact]
    public async Task A_lost_register_and_a_damaged_snapshot_are_made_good_from_the_entries()
    {
        File.Delete(Path.Combine(_journal.Path, "register.a"));
        File.Delete(Path.Combine(_journal.Path, "register.b"));
        Damage.FlipBit(_journal.Replica("snapshots", "16"), 200);
        await SalvagesAsync([]);
        await HasTheLastStateAsync();
    }

    [Fact]
    public async Task A_damaged_identity_is_made_good_from_the_entries()
    {
        Damage.FlipBit(_journal.Replica("identity"), 30);
        await SalvagesAsync([]);
        await HasTheLastStateAsync();
    }

    [Fact]
    public async Task A_missing_identity_is_made_good_from_the_entries_too()
    {
        File.Delete(_journal.Replica("identity"));
        await SalvagesAsync(["salvage DIR/replica --to DIR/../second"]);
        await HasTheLastStateAsync();
    }

    [Fact]
    public async Task What_cannot_be_opened_again_is_not_copied()
    {
        File.Delete(_journal.Replica("snapshots", "16"));
        Directory.Delete(_journal.Replica("segments", "1-1"), recursive: true);
        await SalvagesAsync([]);
        Assert.False(Directory.Exists(Copy));
    }

    [Fact]
    public async Task A_torn_tail_is_left_behind()
    {
        using (var journal = new JournalBuilder(_journal.Path))
        {
            journal.After(60).Append(Facts.Claimed("node-1"));
            File.Copy(_journal.Replica("watermark.a"), _journal.Replica("old.a"));
            File.Copy(_journal.Replica("watermark.b"), _journal.Replica("old.b"));
            journal.Append(Facts.Died(8, new string('x', 2_000)));
        }

        File.Move(_journal.Replica("old.a"), _journal.Replica("watermark.a"), overwrite: true);
        File.Move(_journal.Replica("old.b"), _journal.Replica("watermark.b"), overwrite: true);
        var (file, offset) = _journal.Find(SampleJournal.LastEntry + 2);
        Damage.ZeroSector(file, offset + 1024);
        await SalvagesAsync([]);
    }

    [Fact]
    public async Task Whichever_entry_is_damaged_the_copy_is_whole_and_has_the_last_state_if_a_snapshot_covers_it()
    {
        for (var entry = 1UL; entry <= SampleJournal.LastEntry; entry++)
        {
            var (file, offset) = _journal.Find(entry);
            var copy = $"{Copy}-{entry}";
            Damage.FlipBit(file, offset + EntryCodec.HeaderBytes + 5);
            var run = await Inspector.RunAsync("salvage", _journal.Path, "--to", copy);
            Damage.FlipBit(file, offset + EntryCodec.HeaderBytes + 5);

            var isCovered = entry <= SampleJournal.SnapshotPosition;
            Assert.Equal(isCovered ? 1 : 2, run.Exit);
            Assert.Equal(0, (await Inspector.RunAsync("verify", copy, "--deep")).Exit);
            var state = (await Inspector.RunAsync("state", copy)).Output;
            Assert.Equal(isCovered, state.Contains(_journal.FinalHash, StringComparison.Ordinal));
            Assert.Contains(isCovered ? $"position    {SampleJournal.LastEntry} " : $"position    {entry - 1} ", state, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_is_started_again_and_goes_on()
    {
        await Inspector.RunAsync("salvage", _journal.Path, "--to", Copy);
        using (var journal = new JournalBuilder(Copy))
        {
            Assert.Equal(_journal.FinalHash, journal.Core.Hash.ToString());
            Assert.Equal(SampleJournal.LastEntry + 1, journal.After(60).Append(Facts.Claimed("node-9")));
        }

        var run = await Inspector.RunAsync("verify", Copy, "--deep");
        Assert.True(run.Exit == 0, run.Output);
    }

    [Fact]
    public async Task A_copy_of_a_snapshot_alone_is_started_again_too()
    {
        Directory.Delete(_journal.Replica("segments", "1-1"), recursive: true);
        Directory.Delete(_journal.Replica("segments", "2-17"), recursive: true);
        await Inspector.RunAsync("salvage", _journal.Path, "--to", Copy);
        using (var journal = new JournalBuilder(Copy))
        {
            Assert.Equal(SampleJournal.SnapshotPosition + 1, journal.After(60).Append(Facts.Claimed("node-9")));
        }

        var run = await Inspector.RunAsync("verify", Copy, "--deep");
        Assert.True(run.Exit == 0, run.Output);
    }

    [Fact]
    public async Task Nothing_is_changed_but_below_the_target()
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk());
        Assert.Equal(0, (await Inspector.RunAsync(disk, "salvage", _journal.Path, "--to", Copy)).Exit);
        var changes = disk.Completed.Where(operation => operation.Kind is not (DiskOperationKind.List or DiskOperationKind.Open or DiskOperationKind.Read)).ToArray();
        Assert.NotEmpty(changes);
        Assert.DoesNotContain(changes, operation => Path.GetFullPath(operation.Path).StartsWith(_journal.Path + "/", StringComparison.Ordinal));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_source_that_cannot_be_written_need_not_be()
    {
        foreach (var file in Directory.GetFiles(_journal.Path, "*", SearchOption.AllDirectories))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        var directories = Directory.GetDirectories(_journal.Path, "*", SearchOption.AllDirectories).Append(_journal.Path).ToArray();
        try
        {
            foreach (var directory in directories)
            {
                File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var before = Fingerprint();
            var run = await Inspector.RunAsync("salvage", _journal.Path, "--to", Copy);
            Assert.Equal((0, ""), (run.Exit, run.Error));
            Assert.Equal(before, Fingerprint());
        }
        finally
        {
            foreach (var directory in directories)
            {
                File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public async Task A_target_that_holds_something_or_touches_the_source_is_refused()
    {
        Directory.CreateDirectory(Copy);
        await File.WriteAllTextAsync(Path.Combine(Copy, "mine.txt"), "mine", TestContext.Current.CancellationToken);
        Directory.CreateSymbolicLink(_journal.Path + "/../link", _journal.Path);
        var before = Fingerprint();
        await Golden.MatchesAsync(
            _journal.Path,
            [
                "salvage DIR --to DIR/../copy",
                "salvage DIR --to DIR",
                "salvage DIR --to DIR/inside",
                "salvage DIR --to DIR/../link/inside",
                "salvage DIR --to DIR/..",
                "salvage DIR --to DIR/../not/there",
            ]);
        Assert.Equal(before, Fingerprint());
        Assert.Equal(["mine.txt"], Directory.GetFiles(Copy).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_live_journal_is_copied_as_far_as_it_is_then()
    {
        using var journal = new JournalBuilder(_journal.Path);
        journal.After(60).Append(Facts.Claimed("node-1"));
        var copied = 0;
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < 100 || Volatile.Read(ref copied) < 3; i++)
                {
                    journal.After(0.001).Append(Facts.Tenant("t" + i));
                }
            },
            TestContext.Current.CancellationToken);
        for (; copied < 3; Interlocked.Increment(ref copied))
        {
            var target = Copy + copied;
            var run = await Inspector.RunAsync("salvage", _journal.Path, "--to", target);
            Assert.True(run.Exit is 0 or 1, run.Output + run.Error);
            var verified = await Inspector.RunAsync("verify", target, "--deep");
            Assert.True(verified.Exit == 0, verified.Output + verified.Error);
        }

        await writer;
    }

    /// <summary>Pins what it prints, and that the source is the same afterwards and the copy, if there is one, whole.</summary>
    private async Task SalvagesAsync(string[] looks, [CallerMemberName] string name = "")
    {
        var before = Fingerprint();
        await Golden.MatchesAsync(_journal.Path, ["salvage DIR --to DIR/../copy", .. looks], name);
        Assert.Equal(before, Fingerprint());
        if (Directory.Exists(Copy))
        {
            var verified = await Inspector.RunAsync("verify", Copy, "--deep");
            Assert.True(verified.Exit == 0, verified.Output + verified.Error);
        }
    }

    /// <summary>The copy's state is the writer's last one.</summary>
    private async Task HasTheLastStateAsync() =>
        Assert.Contains(_journal.FinalHash, (await Inspector.RunAsync("state", Copy)).Output, StringComparison.Ordinal);

    /// <summary>Entries in the copy are byte for byte those of the source.</summary>
    private async Task HasEveryEntryAsync()
    {
        string[] lines = ["hash", "--every", "1", "--json"];
        Assert.Equal((await Inspector.RunAsync([.. lines, _journal.Path])).Output, (await Inspector.RunAsync([.. lines, Copy])).Output);
    }

    private string Fingerprint() => string.Join('\n', Directory.GetFiles(_journal.Path, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))} {file}"));
}
