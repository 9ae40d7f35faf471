using System.Text.Json;
using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class LiveJournalTests : IDisposable
{
    private const int EntriesAtLeast = 400;
    private const int LooksAtLeast = 20;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_command_answers_while_entries_are_written()
    {
        var path = _directory.Combine("journal");
        using var journal = new JournalBuilder(path);
        journal.Append(Facts.Claimed("node-1"), Facts.Settings());
        journal.AppendStateHash();
        var looked = false;
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < EntriesAtLeast || !Volatile.Read(ref looked); i++)
                {
                    journal.After(0.001).Append(Facts.Tenant("t" + i));
                }
            },
            TestContext.Current.CancellationToken);
        string[] commands = ["info", "dump", "stats", "state", "state --at 2 --diff 3", "hash --every 100", "tail", "tail --lines 5 --type tenant_added", "whatif --policy pack"];
        foreach (var command in commands.Concat(commands))
        {
            var run = await Inspector.RunAsync([.. command.Split(' '), path]);
            Assert.Equal((0, ""), (run.Exit, run.Error));
        }

        Volatile.Write(ref looked, true);
        await writer;
    }

    [Fact]
    public async Task A_journal_that_is_being_written_never_looks_damaged_and_never_shrinks()
    {
        var path = _directory.Combine("journal");
        using var journal = new JournalBuilder(path);
        journal.Append(Facts.Claimed("node-1"), Facts.Settings());
        var looked = false;
        var writer = Task.Run(
            () =>
            {
                for (var i = 0; i < EntriesAtLeast || !Volatile.Read(ref looked); i++)
                {
                    journal.After(0.001).Append(Facts.Tenant("t" + i));
                }
            },
            TestContext.Current.CancellationToken);
        var committed = 0UL;
        for (var look = 0; look < LooksAtLeast; look++)
        {
            var run = await Inspector.RunAsync("verify", path, "--json");

            // What the writer is just writing may look like a torn tail; it must never look like a loss.
            Assert.True(run.Exit is 0 or 1, run.Output + run.Error);
            var now = JsonDocument.Parse(run.Output).RootElement.GetProperty("committed").GetUInt64();
            Assert.True(now >= committed, "the committed position went back");
            committed = now;
        }

        Volatile.Write(ref looked, true);
        await writer;
        var last = await Inspector.RunAsync("verify", path, "--deep", "--json");
        Assert.Equal(0, last.Exit);
        Assert.Equal(journal.Engine.Committed.Value, JsonDocument.Parse(last.Output).RootElement.GetProperty("stateVerifiedUpTo").GetUInt64());
    }
}
