using System.Diagnostics;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Tail;

public sealed class TailFollowTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task New_entries_are_shown_across_segments_and_a_restart_each_once_and_in_order()
    {
        var path = _directory.Combine("journal");
        using var journal = new JournalBuilder(path);
        journal.Append(Facts.Claimed("node-1"), Facts.Settings());
        await using var tail = new RunningInspector("tail", "-f", path, "--lines", "1", "--format", "jsonl");
        var lines = (await tail.ReadUntilAsync("settings_changed")).ToList();
        for (var i = 0; i < 50; i++)
        {
            journal.After(0.001).Append(Facts.Tenant("before-" + i));
        }

        lines.AddRange(await tail.ReadUntilAsync("before-49"));
        journal.Restart();
        journal.Append(Facts.Claimed("node-1"));
        for (var i = 0; i < 50; i++)
        {
            journal.After(0.001).Append(Facts.Tenant("after-" + i));
        }

        lines.AddRange(await tail.ReadUntilAsync("after-49"));
        Assert.Equal(Enumerable.Range(2, lines.Count).Select(position => $"{{\"sequence\":{position},"), lines.Select(line => line[..(line.IndexOf(',', StringComparison.Ordinal) + 1)]));
        Assert.Equal(0, await tail.StopAsync());
    }

    [Fact]
    public async Task Filters_hold_for_new_entries_too()
    {
        var path = _directory.Combine("journal");
        using var journal = new JournalBuilder(path);
        journal.Append(Facts.Claimed("node-1"), Facts.Settings());
        await using var tail = new RunningInspector("tail", "-f", path, "--type", "function_deployed");
        await tail.ReadUntilAsync("SEQ");
        journal.Append(Facts.Tenant("acme"));
        journal.Append(Facts.Function("echo"));
        Assert.Single(await tail.ReadUntilAsync("name=echo"));
    }

    [Fact]
    public async Task An_entry_is_shown_only_when_it_is_durable()
    {
        var path = _directory.Combine("replica");
        using var replica = new ReplicaBuilder(path, 0xa);
        replica.Reign(1).Append(0, "one");
        await using var tail = new RunningInspector("tail", "-f", path);
        await tail.ReadUntilAsync("name=one");
        replica.AppendWithoutAcknowledging("two");
        replica.AppendWithoutAcknowledging("three");
        replica.Acknowledge(2);
        Assert.Single(await tail.ReadUntilAsync("name=two"));
        replica.Acknowledge(3);
        Assert.Single(await tail.ReadUntilAsync("name=three"));
    }

    [Fact]
    public async Task What_another_reign_takes_back_is_said_and_what_comes_instead_is_shown()
    {
        var path = _directory.Combine("replica");
        using var replica = new ReplicaBuilder(path, 0xa);
        replica.Reign(1).Append(0, "one", "two", "three");
        await using var tail = new RunningInspector("tail", "-f", path);
        await tail.ReadUntilAsync("name=three");
        replica.ReignFrom(2, 2).Append(1, "zwei", "drei", "vier");
        var lines = await tail.ReadUntilAsync("name=vier");
        Assert.Contains("entries 2 to 3 were taken back", lines[0], StringComparison.Ordinal);
        Assert.Equal(["zwei", "drei", "vier"], lines.Skip(1).Select(line => line[(line.IndexOf("name=", StringComparison.Ordinal) + 5)..]));
    }

    [Fact]
    public async Task A_directory_that_is_away_for_a_moment_is_waited_for()
    {
        var path = _directory.Combine("replica");
        using (var replica = new ReplicaBuilder(path, 0xa))
        {
            replica.Reign(1).Append(0, "one");
        }

        await using var tail = new RunningInspector("tail", "-f", path);
        await tail.ReadUntilAsync("name=one");
        Directory.Move(path, path + ".away");
        Directory.Move(path + ".away", path);
        using var again = new ReplicaBuilder(path, 0xa);
        again.Reign(2).Append(1, "two");
        Assert.Single(await tail.ReadUntilAsync("name=two"));
        Assert.Equal(0, await tail.StopAsync());
    }

    [Fact]
    public async Task Damage_in_what_is_followed_is_said()
    {
        using var sample = new SampleJournal();
        var (file, offset) = sample.Find(SampleJournal.FirstLease);
        Damage.FlipBit(file, offset + 140);
        await using var tail = new RunningInspector("tail", "-f", sample.Path, "--from", "9");
        var lines = await tail.ReadUntilAsync("sandbox_died");
        Assert.Contains(lines, line => line.Contains("BadEntry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_that_is_told_to_end_ends_cleanly()
    {
        using var sample = new SampleJournal();
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(InspectorApp).Assembly.Location, "tail", "-f", sample.Path, "--lines", "1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Assert.Contains("SEQ", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Contains("sandbox_died", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(null, null)]);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal((0, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
