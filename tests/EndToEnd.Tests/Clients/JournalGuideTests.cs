using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>What <c>tools/cpctl/JOURNAL.md</c> tells people to type works, as it stands there, against a node that keeps journals and nothing else.</summary>
public sealed class JournalGuideTests(TestRun run) : IAsyncLifetime
{
    private readonly string _root = run.NewDirectory("journal-guide");
    private readonly int _port = LoopbackPorts.TakePair();
    private CapturedProcess _node = null!;

    private string Address => $"http://127.0.0.1:{_port}";

    public async ValueTask InitializeAsync()
    {
        _node = CapturedProcess.Start(
            Cpctl.CommandLine("journal", "serve", "--journal", "orders", "--listen", $"127.0.0.1:{_port}", "--data", Path.Combine(_root, "orders")), _root);
        await Eventually.HoldsAsync(() => Readiness.IsServingAsync(_port), () => $"the node serves; it said:\n{_node.Said}");
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Its_commands_and_its_dotnet_example_do_what_it_says()
    {
        var commands = Document.Commands("JOURNAL.md");
        Assert.Equal(["journal", "serve", "--journal", "orders", "--data", "./orders"], commands[0]);
        foreach (var command in commands[1..])
        {
            (await Cpctl.RunAsync(Address, command)).Ended(0);
        }

        Document.ShowsWhatIsCompiled("JOURNAL.md", "JournalExample.cs");
        await using var console = new StringWriter();
        await JournalExample.RunAsync(Address, console);
        Assert.Equal(["at 3", "1 first", "2 second", "3 third", "100 more, synced on 1 of 1 replicas"], console.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }
}
