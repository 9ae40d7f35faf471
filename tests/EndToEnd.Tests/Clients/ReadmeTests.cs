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
        var shown = Block("```csharp").Where(line => line.Length > 0 && !line.StartsWith("using ControlPlane.", StringComparison.Ordinal))
            .Select(line => line
                .Replace("\"http://127.0.0.1:7070\"", "address", StringComparison.Ordinal)
                .Replace("Console.WriteLine(", "await console.WriteLineAsync(", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(shown);
        var compiled = Lines("ReadmeExample.cs").Select(line => line.Trim()).SkipWhile(line => line != shown[0]).Take(shown.Count);
        Assert.Equal(shown, compiled);

        await using var console = new StringWriter();
        await ReadmeExample.RunAsync(running.Address, console);
        Assert.Equal("hello", console.ToString().TrimEnd());
    }

    [Fact]
    public async Task Its_command_lines_end_well()
    {
        var commands = Lines("README.md").Where(line => line.StartsWith("cpctl ", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).ToList();
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

    private static IEnumerable<string> Block(string begin) =>
        Lines("README.md").SkipWhile(line => line != begin).Skip(1).TakeWhile(line => line != "```");

    private static string[] Lines(string resource)
    {
        using var stream = typeof(ReadmeTests).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
    }
}
