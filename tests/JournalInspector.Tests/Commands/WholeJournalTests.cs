using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class WholeJournalTests : IDisposable
{
    private readonly SampleJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public Task Info_tells_what_is_there() => Golden.MatchesAsync(_journal.Path, ["info DIR", "info DIR --json"]);

    [Fact]
    public Task Info_of_a_replica_alone_does_without_the_register() => Golden.MatchesAsync(_journal.Replica(), ["info DIR"]);

    [Fact]
    public async Task A_node_among_several_has_no_register_of_its_own()
    {
        using var directory = new TemporaryDirectory();
        using (var replica = new ReplicaBuilder(directory.Combine("replica"), 0xa))
        {
            replica.Vote().Reign(1).Append(0, "one", "two");
        }

        await Golden.MatchesAsync(directory.Path, ["verify DIR", "info DIR"]);
    }

    [Fact]
    public async Task A_replica_that_begins_behind_a_snapshot_lacks_nothing()
    {
        using var directory = new TemporaryDirectory();
        using (var replica = new ReplicaBuilder(directory.Combine("replica"), 0xa))
        {
            replica.Vote().Reign(1).Append(0, "one", "two").BeginBehindSnapshot();
        }

        await Golden.MatchesAsync(directory.Path, ["verify DIR", "tail DIR"]);
    }

    [Fact]
    public async Task A_segment_that_has_only_begun_lacks_nothing()
    {
        using var directory = new TemporaryDirectory();
        using var replica = new ReplicaBuilder(directory.Combine("replica"), 0xa);
        replica.Vote().Reign(1).Append(0, "one", "two").Reign(2);
        foreach (var command in new[] { "verify", "dump --from 3", "tail --from 3", "tail --from 2", "hash --every 1" })
        {
            var run = await Inspector.RunAsync([.. command.Split(' '), directory.Path]);
            Assert.Equal(0, run.Exit);
            Assert.DoesNotContain("Missing", run.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public Task Dump_shows_every_entry() => Golden.MatchesAsync(_journal.Path, ["dump DIR"]);

    [Fact]
    public Task Dump_as_json_lines() => Golden.MatchesAsync(_journal.Path, ["dump DIR --format jsonl"]);

    [Fact]
    public Task Dump_as_hex() => Golden.MatchesAsync(_journal.Path, ["dump DIR --format hex --from 10 --to 11"]);

    [Fact]
    public Task Dump_with_filters() => Golden.MatchesAsync(
        _journal.Path,
        [
            "dump DIR --from 12 --to 14",
            "dump DIR --type lease_granted --type lease_released",
            "dump DIR --sandbox S0-6",
            "dump DIR --sandbox 6 --from 17",
            "dump DIR --client 00000000000000cc0000000000000001",
        ]);

    [Fact]
    public Task Verify_finds_nothing() => Golden.MatchesAsync(_journal.Path, ["verify DIR", "verify DIR --deep", "verify DIR --deep --json"]);

    [Fact]
    public Task State_at_positions() => Golden.MatchesAsync(
        _journal.Path, ["state DIR --at 9", "state DIR --at 14", "state DIR --at 16", "state DIR --at 20", "state DIR", "state DIR --at 20 --json"]);

    [Fact]
    public Task State_behind_the_end_is_not_there() => Golden.MatchesAsync(_journal.Path, ["state DIR --at 23", "state DIR --at 0"]);

    [Fact]
    public Task Trace_tells_the_life_of_a_lease() => Golden.MatchesAsync(
        _journal.Path,
        [
            "trace DIR --request 000000000000001100000000000000a1",
            "trace DIR --lease L0-14",
            "trace DIR --sandbox S0-6",
            "trace DIR --lease 20 --json",
        ]);

    [Fact]
    public async Task Trace_follows_a_sandbox_to_the_worker_that_is_lost_under_it()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("journal");
        using (var journal = new JournalBuilder(path))
        {
            journal.Append(Facts.Claimed("node-1"), Facts.Settings(), Facts.Tenant("acme"), Facts.Function("echo"), Facts.Worker("worker-1"));
            journal.Append(Facts.Created(5, 4), Facts.Ready(6));
            journal.After(1).Append(Facts.Granted(6, 3, 0xa1), Facts.Confirmed(8));
            journal.After(2).Append(Facts.Worker("worker-1", kept: 6));
            journal.After(20).Append(Facts.Lost(10));
            journal.After(5).Append(Facts.Worker("worker-2"));
        }

        await Golden.MatchesAsync(path, ["trace DIR --lease 8", "state DIR"]);
    }

    [Fact]
    public Task Tail_shows_the_last_entries() => Golden.MatchesAsync(
        _journal.Path, ["tail DIR --lines 3", "tail DIR --lines 2 --type lease_granted", "tail DIR --from 20", "tail DIR --lines 1 --format jsonl", "tail DIR --lines 0"]);

    [Fact]
    public Task Hash_at_boundaries() => Golden.MatchesAsync(
        _journal.Path, ["hash DIR --every 5", "hash DIR --every 5 --from 15 --to 18", "hash DIR", "hash DIR --every 10 --json", "hash DIR --to 23"]);

    [Fact]
    public Task State_difference_of_two_positions() => Golden.MatchesAsync(
        _journal.Path, ["state DIR --at 9 --diff 14", "state DIR --at 22 --diff 12", "state DIR --at 16 --diff 20 --json", "state DIR --at 16 --diff 16", "state DIR --diff 23"]);

    [Fact]
    public Task Trace_of_something_unknown() => Golden.MatchesAsync(_journal.Path, ["trace DIR --lease 999"]);

    [Fact]
    public Task Stats_count_everything() => Golden.MatchesAsync(_journal.Path, ["stats DIR", "stats DIR --json"]);

    [Fact]
    public async Task The_state_at_the_end_hashes_as_the_writer_s_did()
    {
        var run = await Inspector.RunAsync("state", _journal.Path);
        Assert.Contains(_journal.FinalHash, run.Output, StringComparison.Ordinal);
    }
}
