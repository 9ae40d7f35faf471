namespace ControlPlane.Scenarios.Tests;

/// <summary>What a scenario file may say, and what a person is told who writes something else.</summary>
public sealed class ScenarioFileTests
{
    private const string Smallest = """
        { "name": "smallest", "breaks": "Nothing at all, it only has to be read.", "faults": [] }
        """;

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var scenario = ScenarioFile.Parse(Smallest);
        Assert.Equal((3, 1, 16, TimeSpan.FromSeconds(30)), (scenario.Cluster.Nodes, scenario.Seed, scenario.Workload.Clients, scenario.Duration));
        Assert.Equal(Enum.GetValues<CheckName>(), scenario.Checks);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        var scenario = ScenarioFile.Parse("""
            // What it is for.
            {
              "$schema": "../scenario.schema.json",
              "name": "with-comments", /* short */ "breaks": "The reader, if it minds comments.",
              "seed": 7,
              "faults": [
                { "kind": "pause", "target": "leader", "every": "6s", "for": "2.5s", }, // longer than its lease
                { "kind": "clock-jump", "target": "node-2", "at": "3s", "by": "-1h" },
                { "kind": "kill", "between": ["2s", "500ms"] },
              ],
            }
            """.Replace("\"2s\", \"500ms\"", "\"500ms\", \"2s\"", StringComparison.Ordinal));
        Assert.Equal([FaultKind.Pause, FaultKind.ClockJump, FaultKind.Kill], scenario.Faults.Select(fault => fault.Kind));
        Assert.Equal(TimeSpan.FromMilliseconds(2_500), scenario.Faults[0].For);
        Assert.Equal(TimeSpan.FromHours(-1), scenario.Faults[1].By);
        Assert.Equal(new FaultTarget(TargetRole.Any, "node-2"), scenario.Faults[1].Target);
        Assert.Equal(new TimeRange(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2)), scenario.Faults[2].Between);
    }

    [Fact]
    public void What_is_written_is_read_back_the_same()
    {
        var scenario = ScenarioFile.Parse("""
            { "name": "all-kinds", "breaks": "The writer, if it forgets a field.", "seed": 9007199254740993, "duration": "1m",
              "cluster": { "nodes": 5, "partitions": 4, "workers": 2 },
              "workload": { "loop": "open", "rate_per_second": 12.5, "hold": "1500us", "mix": { "append": 0.125 } },
              "faults": [ { "kind": "one-way", "at": "1s", "direction": "to", "links": "all" }, { "kind": "tenant-flood", "every": "9s", "times": 2, "clients": 8 } ],
              "checks": ["leases", "liveness"], "bounds": { "outage_max": "5s" } }
            """);
        var text = ScenarioFile.Write(scenario);
        Assert.Equal(text, ScenarioFile.Write(ScenarioFile.Parse(text)));
        Assert.Equal(9007199254740993, ScenarioFile.Parse(text).Seed);
    }

    [Theory]
    [InlineData("\"seeds\": 3", "line 3: seeds: there is no such field; did you mean \"seed\"?")]
    [InlineData("\"seed\": 1.5", "line 3: seed: 1.5 is not a whole number")]
    [InlineData("\"duration\": 30", "line 3: duration: 30 is not a time; write \"500ms\", \"3s\" or \"2m\"")]
    [InlineData("\"duration\": \"2d\"", "line 3: duration: \"2d\" is not a time; write \"500ms\", \"3s\" or \"2m\"")]
    [InlineData("\"cluster\": { \"nodes\": 9 }", "line 3: cluster.nodes: 9 is not between 1 and 7")]
    [InlineData("\"cluster\": []", "line 3: cluster: a list is not an object")]
    [InlineData("\"workload\": { \"loop\": \"shut\" }", "line 3: workload.loop: \"shut\" is none of closed, open")]
    [InlineData("\"seed\": 1, \"seed\": 2", "line 3: seed: is there twice")]
    [InlineData("\"checks\": [\"leases\", \"liverness\"]", "line 3: checks[1]: \"liverness\" is none of leases, journal, replicas, liveness; did you mean \"liveness\"?")]
    public void A_wrong_field_is_named_with_its_line(string field, string problem) =>
        Assert.Equal(problem, Assert.Single(ProblemsOf($$"""
            { "name": "wrong", "breaks": "The reader, which must say what is wrong.",
              "faults": [],
              {{field}} }
            """)));

    [Theory]
    [InlineData("""{ "kind": "pauze", "at": "1s" }""", "kind: \"pauze\" is none of", "did you mean \"pause\"?")]
    [InlineData("""{ "at": "1s" }""", "kind: is missing: What is struck.", "")]
    [InlineData("""{ "kind": "kill" }""", "says not when: give one of at, every, between", "")]
    [InlineData("""{ "kind": "kill", "at": "1s", "every": "2s" }""", "says more than one of at, every, between", "")]
    [InlineData("""{ "kind": "kill", "at": "30s" }""", "at: 30s is not within the duration of 30s", "")]
    [InlineData("""{ "kind": "kill", "at": "1s", "delay": "1s" }""", "delay: kill does not read it; it reads none of its own", "")]
    [InlineData("""{ "kind": "one-way", "at": "1s", "gap": "1s" }""", "gap: one-way does not read it; it reads links, direction", "")]
    [InlineData("""{ "kind": "isolate", "at": "1s", "target": "worker" }""", "target: isolate hits nodes only", "")]
    [InlineData("""{ "kind": "worker-loss", "at": "1s", "target": "leader" }""", "target: worker-loss hits workers only", "")]
    [InlineData("""{ "kind": "leader-transfer", "at": "1s", "target": "leader" }""", "target: leader-transfer hits nobody in particular: leave the target out", "")]
    [InlineData("""{ "kind": "kill", "at": "1s", "target": "node-4" }""", "target: kill names node-4, which the cluster has not", "")]
    [InlineData("""{ "kind": "kill", "at": "1s", "target": "boss" }""", "target: \"boss\" is none of leader, follower, any, all, worker, random, node-1, worker-1", "")]
    [InlineData("""{ "kind": "kill-at-point", "at": "1s" }""", "point: is missing: one of before-write, mid-write, before-sync, after-sync, before-rename", "")]
    [InlineData("""{ "kind": "clock-jump", "at": "1s" }""", "by: is missing: by how much the clock jumps", "")]
    [InlineData("""{ "kind": "kill", "between": ["3s", "1s"] }""", "between: a list has the longer time first", "")]
    public void A_fault_that_cannot_be_struck_is_refused(string fault, string problem, string hint)
    {
        var said = Assert.Single(ProblemsOf($$"""
            { "name": "wrong", "breaks": "The reader, which must say what is wrong.", "faults": [
              {{fault}} ] }
            """));
        Assert.StartsWith("line 2: faults[0]", said, StringComparison.Ordinal);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.Contains(hint, said, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once_in_order_of_their_lines()
    {
        var problems = ProblemsOf("""
            {
              "name": "Has Blanks",
              "faults": [
                { "kind": "kill", "at": "1" },
                { "kind": "nothing", "at": "2s" }
              ],
              "workload": { "clients": 0 }
            }
            """);
        Assert.Equal(["line 1", "line 2", "line 4", "line 5", "line 7"], problems.Select(problem => problem[..6]));
    }

    [Fact]
    public void What_is_not_json_is_named_with_its_line() =>
        Assert.StartsWith("line 3: this is not JSON: ", Assert.Single(ProblemsOf("{\n  \"name\": \"broken\",\n  \"seed\": }\n")), StringComparison.Ordinal);

    [Fact]
    public void More_clients_than_sandboxes_would_only_wait() =>
        Assert.Contains("workload.clients: 65 clients want more sandboxes", Assert.Single(ProblemsOf("""
            { "name": "crowd", "breaks": "The capacity, which is not the point.", "faults": [], "workload": { "clients": 65 } }
            """)), StringComparison.Ordinal);

    private static IReadOnlyList<string> ProblemsOf(string json) =>
        [.. Assert.Throws<ScenarioException>(() => ScenarioFile.Parse(json)).Problems.Select(problem => problem.ToString())];
}
