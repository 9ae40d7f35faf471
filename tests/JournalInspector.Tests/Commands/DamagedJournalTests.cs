using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class DamagedJournalTests : IDisposable
{
    private readonly SampleJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public Task A_flipped_bit()
    {
        var (file, offset) = _journal.Find(SampleJournal.FirstLease);
        Damage.FlipBit(file, offset + 140);
        return Golden.MatchesAsync(
            _journal.Path,
            ["verify DIR", "verify DIR --json", "verify DIR --deep", "info DIR", "dump DIR --from 8 --to 12", "trace DIR --sandbox 6", "state DIR --at 12", "state DIR --at 16", "hash DIR --every 4", "tail DIR --lines 3 --from 9", "state DIR --at 9 --diff 22"]);
    }

    [Fact]
    public Task A_zeroed_sector()
    {
        var (file, offset) = _journal.Find(7);
        Damage.ZeroSector(file, offset);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "dump DIR --format jsonl --from 7 --to 12 --type lease_granted", "stats DIR"]);
    }

    [Fact]
    public Task A_cut_file()
    {
        var (file, offset) = _journal.Find(12);
        Damage.Cut(file, offset + 20);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "dump DIR --from 11", "state DIR"]);
    }

    [Fact]
    public Task A_lost_acceptor()
    {
        Damage.FlipBit(_journal.Replica("acceptor.a"), 25);
        File.Delete(_journal.Replica("acceptor.b"));
        return Golden.MatchesAsync(_journal.Path, ["verify DIR"]);
    }

    [Fact]
    public Task A_missing_segment()
    {
        Directory.Delete(_journal.Replica("segments", "2-17"), recursive: true);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "info DIR"]);
    }

    [Fact]
    public Task A_missing_first_segment_that_a_snapshot_covers()
    {
        Directory.Delete(_journal.Replica("segments", "1-1"), recursive: true);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR --deep", "state DIR --at 18", "state DIR --at 3"]);
    }

    [Fact]
    public async Task A_file_that_is_not_the_journal_s()
    {
        await File.WriteAllTextAsync(_journal.Replica("segments", "notes.txt"), "by hand", TestContext.Current.CancellationToken);
        await Golden.MatchesAsync(_journal.Path, ["verify DIR"]);
    }

    [Fact]
    public Task A_damaged_slot()
    {
        Damage.FlipBit(_journal.Replica("promise.a"), 25);
        Damage.FlipBit(Path.Combine(_journal.Path, "register.b"), 40);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "info DIR"]);
    }

    [Fact]
    public Task Both_slots_damaged()
    {
        Damage.FlipBit(_journal.Replica("promise.a"), 25);
        Damage.FlipBit(_journal.Replica("promise.b"), 25);
        Damage.FlipBit(Path.Combine(_journal.Path, "register.a"), 40);
        Damage.FlipBit(Path.Combine(_journal.Path, "register.b"), 40);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "info DIR"]);
    }

    [Fact]
    public Task A_damaged_snapshot()
    {
        Damage.FlipBit(_journal.Replica("snapshots", "16"), 200);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR --deep", "state DIR --at 16"]);
    }

    [Fact]
    public Task A_damaged_identity()
    {
        Damage.FlipBit(_journal.Replica("identity"), 20);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "info DIR --json"]);
    }

    [Fact]
    public Task A_register_of_another_journal()
    {
        using var other = new TemporaryDirectory();
        var path = other.Combine("other");
        using (var journal = new JournalBuilder(path, firstId: 0xb0))
        {
            journal.Append(Facts.Claimed("node-2"));
        }

        File.Copy(Path.Combine(path, "register.a"), Path.Combine(_journal.Path, "register.a"), overwrite: true);
        File.Copy(Path.Combine(path, "register.b"), Path.Combine(_journal.Path, "register.b"), overwrite: true);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR"]);
    }

    [Fact]
    public Task A_lost_replica()
    {
        Directory.Delete(_journal.Replica(), recursive: true);
        return Golden.MatchesAsync(_journal.Path, ["verify DIR"]);
    }

    [Fact]
    public Task A_torn_tail()
    {
        // A power cut: the last flush is torn, and the watermark that came behind it never reached the disk.
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
        Damage.ZeroSector(file, offset + (2 * SegmentLayout.SectorBytes));
        return Golden.MatchesAsync(_journal.Path, ["verify DIR", "dump DIR --from 22", "state DIR"]);
    }
}
