using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Diff;

public sealed class DiffTests : IDisposable
{
    private const string All = "diff DIR/a DIR/b DIR/c";
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Replicas_that_agree_may_be_shorter_or_begin_later()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").Append(2, "three", "four", "five"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "two").Append(2, "three"));
        Write("c", 0xc, replica => replica.Reign(1).Append(0, "one", "two").BeginBehindSnapshot().Reign(1).Append(2, "three", "four", "five"));
        await Golden.MatchesAsync(_directory.Path, [All, "diff DIR/a DIR/b --json"]);
    }

    [Fact]
    public async Task A_tail_of_an_earlier_reign_that_was_never_committed_is_harmless()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").Append(1, "lost", "lost-too"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "two").Reign(2).Append(2, "three").Append(3, "four"));
        Write("c", 0xc, replica => replica.Reign(1).Append(0, "one", "two").Reign(2).Append(2, "three").Append(3, "four"));
        await Golden.MatchesAsync(_directory.Path, [All, All + " --json"]);
    }

    [Fact]
    public async Task Tails_of_three_reigns_of_which_none_is_committed_are_harmless()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").Append(1, "a-three"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "two").Reign(2).Append(1, "b-three"));
        Write("c", 0xc, replica => replica.Reign(1).Append(0, "one", "two").Reign(3).Append(1, "c-three"));
        await Golden.MatchesAsync(_directory.Path, [All]);
    }

    [Fact]
    public async Task Two_values_that_both_were_committed_are_an_alarm()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one").Append(1, "two").Append(2, "three"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one").Reign(2).Append(1, "zwei").Append(2, "drei"));
        Write("c", 0xc, replica => replica.Reign(1).Append(0, "one").Reign(2).Append(1, "zwei").Append(2, "drei"));
        await Golden.MatchesAsync(_directory.Path, [All, All + " --json"]);
    }

    [Fact]
    public async Task Two_values_of_one_reign_are_an_alarm_even_if_nothing_was_committed()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "zwei"));
        await Golden.MatchesAsync(_directory.Path, ["diff DIR/a DIR/b"]);
    }

    [Fact]
    public async Task A_later_reign_over_a_committed_entry_is_an_alarm()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").Append(2, "three"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one").Reign(2).Append(1, "zwei"));
        await Golden.MatchesAsync(_directory.Path, ["diff DIR/a DIR/b"]);
    }

    [Fact]
    public async Task Snapshots_of_the_same_entries_with_other_states_are_an_alarm()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").BeginBehindSnapshot(stateHash: 1));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "two").BeginBehindSnapshot(stateHash: 2));
        await Golden.MatchesAsync(_directory.Path, ["diff DIR/a DIR/b"]);
    }

    [Fact]
    public async Task What_cannot_be_read_is_not_called_equal()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one", "two").Append(2, "three", "four"));
        Write("b", 0xb, replica => replica.Reign(1).Append(0, "one", "two").Append(2, "three", "four"));
        Damage.FlipBit(_directory.Combine("b", "segments", "1-1", "000000.entries"), SegmentLayout.FirstAddress + 4 + 200);
        await Golden.MatchesAsync(_directory.Path, ["diff DIR/a DIR/b"]);
    }

    [Fact]
    public async Task More_entries_than_are_held_in_memory_at_a_time_are_compared()
    {
        var (path, copy) = (_directory.Combine("a"), _directory.Combine("b"));
        using (var journal = new JournalBuilder(path))
        {
            journal.Append(Facts.Claimed("node-1"), Facts.Settings());
            for (var i = 0; i < 70; i++)
            {
                journal.After(0.1).Append([.. Enumerable.Range(0, 1_000).Select(j => Facts.Tenant($"t{i}-{j}"))]);
            }
        }

        Damage.Copy(path, copy);
        using (var journal = new JournalBuilder(path))
        {
            journal.After(60).Append(Facts.Claimed("node-1"));
        }

        var run = await Inspector.RunAsync("diff", path, copy);
        Assert.Equal(0, run.Exit);
        Assert.Contains("compared  70,002 positions", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 shorter", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_of_different_journals_are_not_compared()
    {
        Write("a", 0xa, replica => replica.Reign(1).Append(0, "one"));
        using (var other = new ReplicaBuilder(_directory.Combine("b"), 0xb, journal: 0xb1))
        {
            other.Reign(1).Append(0, "one");
        }

        await Golden.MatchesAsync(_directory.Path, ["diff DIR/a DIR/b"]);
    }

    [Fact]
    public async Task A_journal_that_is_being_written_agrees_with_its_own_copy()
    {
        var path = _directory.Combine("live");
        using (var first = new JournalBuilder(path))
        {
            first.Append(Facts.Claimed("node-1"), Facts.Settings());
        }

        Damage.Copy(path, _directory.Combine("copy"));
        using var journal = new JournalBuilder(path);
        var looked = false;
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < 200 || !Volatile.Read(ref looked); i++)
                {
                    journal.After(0.001).Append(Facts.Tenant("t" + i));
                }
            },
            TestContext.Current.CancellationToken);
        for (var look = 0; look < 10; look++)
        {
            var run = await Inspector.RunAsync("diff", path, _directory.Combine("copy"), "--json");
            Assert.True(run.Exit == 0, run.Output + run.Error);
        }

        Volatile.Write(ref looked, true);
        await writer;
    }

    private void Write(string name, ulong id, Action<ReplicaBuilder> write)
    {
        using var replica = new ReplicaBuilder(_directory.Combine(name), id);
        write(replica);
    }
}
