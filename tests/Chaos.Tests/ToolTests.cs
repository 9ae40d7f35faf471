using System.Text.Json;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Tests;

/// <summary>The built tool from outside: exit codes, files, and that nothing is left behind. Three real nodes and a worker in some of them.</summary>
public sealed class ToolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryDirectory _directory = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_planted_violation_is_found_by_check_and_drawn_by_report()
    {
        var run = Recordings.CopyOf("planted", _directory.In("run"));
        var (code, output, _) = await ToolRun.RunAsync("check", run.Path);
        Assert.Equal(1, code);
        Assert.StartsWith("SAFETY, 1 violation(s), the first: DoubleLeaseCheck: S0-10", output, StringComparison.Ordinal);
        Assert.Equal(0, (await ToolRun.RunAsync("report", run.Path)).Code);
        Assert.Contains("class=\"violation\"", await File.ReadAllTextAsync(run.Report, Cancellation), StringComparison.Ordinal);
        Assert.Contains("# planted: SAFETY", await File.ReadAllTextAsync(run.Summary, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_that_cannot_be_used_is_refused_with_its_lines()
    {
        var file = _directory.In("wrong.jsonc");
        await File.WriteAllTextAsync(file, "{\n  \"name\": \"wrong\",\n  \"faults\": [ { \"kind\": \"kil\", \"at\": \"1s\" } ]\n}\n", Cancellation);
        var (code, _, error) = await ToolRun.RunAsync("run", file);
        Assert.Equal(64, code);
        Assert.Contains("line 3: faults[0].kind: \"kil\" is none of", error, StringComparison.Ordinal);
        Assert.Contains("did you mean \"kill\"?", error, StringComparison.Ordinal);
        Assert.Equal(64, (await ToolRun.RunAsync("run", "thawd-leader")).Code);
        Assert.Equal(64, (await ToolRun.RunAsync("check", _directory.Path)).Code);
        Assert.Equal(64, (await ToolRun.RunAsync("walk")).Code);
    }

    [Fact]
    public async Task The_doctor_tells_what_the_machine_allows()
    {
        var (code, output, _) = await ToolRun.RunAsync("doctor", "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Contains(json.RootElement.GetProperty("abilities").EnumerateArray(), ability => ability.GetProperty("name").GetString() == "signals");
    }

    [Fact]
    public async Task A_short_run_on_real_processes_passes_is_written_down_and_leaves_nothing_behind()
    {
        var file = _directory.In("short.jsonc");
        await File.WriteAllTextAsync(
            file,
            """
            { "name": "short", "breaks": "Nothing that should break within a few seconds.", "duration": "15s",
              "workload": { "clients": 8, "mix": { "invoke": 0.3 } },
              "faults": [ { "kind": "kill", "target": "leader", "at": "2s", "for": "500ms" }, { "kind": "pause", "target": "follower", "at": "8s", "for": "2s" } ] }
            """,
            Cancellation);
        var run = new RunDirectory(_directory.In("run"));
        var (code, output, error) = await ToolRun.RunAsync("run", file, "--data", run.Path, "--report", "--json");
        Assert.True(code == 0, $"{code}\n{output}\n{error}");
        Assert.Empty(RunGuard.Naming(run.Cluster));
        using var json = JsonDocument.Parse(output);
        Assert.Equal("pass", json.RootElement.GetProperty("verdict").GetProperty("outcome").GetString());

        // What was written down says the same again, and holds what the run did.
        Assert.Equal(0, (await ToolRun.RunAsync("check", run.Path)).Code);
        var record = RunRecord.Load(run);
        Assert.Equal(["kill", "pause"], record.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: true }).Select(fault => fault.What!));
        Assert.All(record.Events.Where(happened => happened.Kind == EventKind.Fault), fault => Assert.StartsWith("node-", Assert.Single(fault.Targets!), StringComparison.Ordinal));
        Assert.Contains(record.Events, happened => happened is { Kind: EventKind.Process, ExitCode: 137 });
        Assert.Equal(6, record.Events.Count(happened => happened.Kind == EventKind.Replica));
        Assert.All(Enum.GetValues<OperationKind>(), kind => Assert.Contains(record.Operations, call => call.Kind == kind));
        Assert.True(File.Exists(run.Report));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_ends_the_runner_ends_its_processes(bool isKilled)
    {
        var run = new RunDirectory(_directory.In("run"));
        using var tool = ToolRun.Start("run", "thawed-leader", "--data", run.Path);
        await HoldsAsync(() => tool.HasEnded ? throw new InvalidOperationException("the tool has ended") : RunGuard.Naming(run.Cluster).Count >= 4, "nodes and a worker run");
        if (isKilled)
        {
            await tool.KillAsync();
        }
        else
        {
            Assert.Equal(130, await tool.InterruptAsync());
        }

        await HoldsAsync(() => RunGuard.Naming(run.Cluster).Count == 0, "no process is left");
    }

    private static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, $"waited in vain: {what}");
            await Task.Delay(50, Cancellation);
        }
    }
}
