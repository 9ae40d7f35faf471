using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>What the README tells people to type works, as it stands there.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class ReadmeTests(RunningPlane running) : IAsyncLifetime
{
    private const string Function = "echo-sh";

    public async ValueTask InitializeAsync() => await running.Plane.DeployAsync(running.Client, warm: 1, Function);

    public async ValueTask DisposeAsync() =>
        (await Cpctl.RunAsync(running.Address, "function", "delete", Function)).Ended(0);

    [Fact]
    public async Task Its_dotnet_example_is_the_one_that_is_compiled_and_works()
    {
        Document.ShowsWhatIsCompiled("README.md", "ReadmeExample.cs");

        await using var console = new StringWriter();
        await ReadmeExample.RunAsync(running.Address, console);
        Assert.Equal("hello", console.ToString().TrimEnd());
    }

    [Fact]
    public async Task Its_command_lines_end_well()
    {
        var commands = Document.Commands("README.md");
        Assert.True(commands.Count >= 3, "the README shows what to do next");
        foreach (var command in commands)
        {
            (await Cpctl.RunAsync(running.Address, command)).Ended(0);
        }

        foreach (var lease in (await Cpctl.RunAsync(running.Address, "lease", "list", "--json")).Ended(0).Json.GetProperty("leases").EnumerateArray())
        {
            (await Cpctl.RunAsync(running.Address, "release", lease.GetProperty("lease").GetString()!)).Ended(0);
        }
    }
}
