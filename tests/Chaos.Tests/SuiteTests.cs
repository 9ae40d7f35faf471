using ControlPlane.Chaos.Runs;
using ControlPlane.Chaos.Suite;

namespace ControlPlane.Chaos.Tests;

/// <summary>What runs leave for the next ones: the table of results, and which sandboxes the plane gave up.</summary>
public sealed class SuiteTests
{
    [Fact]
    public void The_table_grows_and_its_sum_is_right()
    {
        var first = ResultsTable.Add("", new ResultsRow("2026-01-02 03:04", "abc1234", 17, 120, 40, 33, 21, 9, 1_234_567, 0));
        var second = ResultsTable.Add(first, new ResultsRow("2026-01-03 03:04", "def5678", 3, 10, 4, 3, 2, 1, 100, 2));
        var lines = second.TrimEnd().Split('\n');
        Assert.Equal("| 2026-01-02 03:04 | abc1234 | 17 | 120 | 40 | 33 | 21 | 9 | 1,234,567 | 0 |", lines[^3]);
        Assert.Equal("| 2026-01-03 03:04 | def5678 | 3 | 10 | 4 | 3 | 2 | 1 | 100 | 2 |", lines[^2]);
        Assert.Equal("| **all** |  | 20 | 130 | 44 | 36 | 23 | 10 | 1,234,667 | 2 |", lines[^1]);
        Assert.StartsWith("# What was done", second, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_worker_takes_its_sandboxes_and_those_it_had_kept_with_it()
    {
        var ends = new SandboxEnds();
        foreach (var line in new[]
        {
            """{"sequence":5,"entry":{"workerRegistered":{"name":"w"}}}""",
            """{"sequence":6,"entry":{"sandboxCreated":{"worker":"5","function":"2"}}}""",
            """{"sequence":7,"entry":{"sandboxCreated":{"worker":"5","function":"2"}}}""",
            """{"sequence":8,"entry":{"sandboxDied":{"sandbox":"7","reason":"exit"}}}""",
            """{"sequence":9,"entry":{"workerRegistered":{"name":"w","keptSandboxes":["6"]}}}""",
            """{"sequence":10,"entry":{"workerRegistered":{"name":"v"}}}""",
            """{"sequence":11,"entry":{"sandboxCreated":{"worker":"10","function":"2"}}}""",
            """{"finding":{"kind":"TornTail"}}""",
            """{"sequence":12,"entry":{"workerLost":{"worker":"9"}}}""",
        })
        {
            ends.Read(line);
        }

        Assert.Equal([(6UL, (12UL, "worker lost")), (7UL, (8UL, "exit"))], ends.Ended.OrderBy(end => end.Key).Select(end => (end.Key, end.Value)));
    }
}
