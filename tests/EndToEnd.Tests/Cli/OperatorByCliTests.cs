using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>What an operator does from a shell: functions and workers.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class OperatorByCliTests(RunningPlane running)
{
    [Fact]
    public async Task A_function_is_deployed_listed_and_deleted()
    {
        const string Name = "by-cli";
        var code = EchoFunction.CopyTo(running.Plane.Root);
        string[] deploy = ["function", "deploy", code, "--name", Name, "--memory", "32", "-e", $"TMPDIR={code}", "--json"];
        var deployed = (await RunAsync(deploy)).Ended(0).Json;
        Assert.Equal((1, false), (deployed.GetProperty("version").GetInt32(), deployed.GetProperty("unchanged").GetBoolean()));
        Assert.True((await RunAsync(deploy)).Ended(0).Json.GetProperty("unchanged").GetBoolean());
        Assert.Contains(Name, await FunctionsAsync());
        Assert.Equal("hi", (await RunAsync("invoke", Name, "--max-wait", "30s", "--payload", "hi")).Ended(0).Output.TrimEnd('\n'));

        (await RunAsync("function", "delete", Name)).Ended(0);

        Assert.DoesNotContain(Name, await FunctionsAsync());
        Assert.Equal("UNKNOWN_FUNCTION", (await RunAsync("allocate", Name, "--json")).Ended(1).ErrorJson.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_cordoned_worker_takes_nothing_new_until_it_is_uncordoned()
    {
        var name = await WorkerAsync("name");
        Assert.Equal("ready", await WorkerAsync("state"));

        (await RunAsync("worker", "cordon", name)).Ended(0);
        try
        {
            Assert.Equal("cordoned", await WorkerAsync("state"));
            var explained = (await RunAsync("explain", EchoFunction.Name, "--json")).Ended(0).Json;
            Assert.Equal("none", explained.GetProperty("verdict").GetString());
            Assert.Contains("cordoned", explained.GetProperty("workerFilters").EnumerateArray().Select(filter => filter.GetProperty("name").GetString()));
        }
        finally
        {
            (await RunAsync("worker", "uncordon", name)).Ended(0);
        }

        Assert.Equal("ready", await WorkerAsync("state"));
    }

    [Fact]
    public async Task A_table_is_what_a_person_gets()
    {
        var table = (await RunAsync("worker", "list")).Ended(0).Output;
        Assert.Contains("WORKER", table, StringComparison.Ordinal);
        Assert.Contains(await WorkerAsync("name"), table, StringComparison.Ordinal);
    }

    private async Task<string> WorkerAsync(string property) =>
        Assert.Single((await RunAsync("worker", "list", "--json")).Ended(0).Json.GetProperty("workers").EnumerateArray()).GetProperty(property).GetString()!;

    private async Task<IEnumerable<string>> FunctionsAsync() =>
        [.. (await RunAsync("function", "list", "--json")).Ended(0).Json.GetProperty("functions").EnumerateArray().Select(f => f.GetProperty("name").GetString()!)];

    private Task<CommandResult> RunAsync(params string[] arguments) => Cpctl.RunAsync(running.Address, arguments);
}
