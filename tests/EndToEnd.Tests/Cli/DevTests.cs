using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Cli;

/// <summary>The first command that a stranger runs, and the roles of a plane in processes of their own.</summary>
public sealed class DevTests(TestRun run)
{
    private const int Cycles = 50;

    [Fact]
    public async Task Dev_once_checks_itself_prints_the_figures_and_ends()
    {
        var directory = run.NewDirectory("dev");
        var checkedItself = (await DevAsync(directory, "--json")).Ended(0);

        var view = checkedItself.Json;
        Assert.Equal((Cycles, 0), (view.GetProperty("cycles").GetInt32(), view.GetProperty("wrongAnswers").GetInt32()));
        Assert.True(view.GetProperty("entriesJournaled").GetInt64() >= 2 * Cycles, checkedItself.Output);
    }

    [Fact]
    public async Task Dev_once_shows_a_table_to_people()
    {
        var shown = (await DevAsync(run.NewDirectory("dev"))).Ended(0);
        Assert.Contains("allocate", shown.Output, StringComparison.Ordinal);
        Assert.Contains("p99", shown.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_node_and_a_worker_in_processes_of_their_own_serve_together()
    {
        var directory = run.NewDirectory("apart");
        var port = LoopbackPorts.TakePair();
        var address = $"http://127.0.0.1:{port}";
        await using var node = CapturedProcess.Start(
            Cpctl.CommandLine("serve", "--listen", $"127.0.0.1:{port}", "--data", Path.Combine(directory, "node")), directory);
        await Eventually.HoldsAsync(() => Readiness.IsServingAsync(port), () => $"the node serves; it said:\n{node.Said}");
        await using var worker = CapturedProcess.Start(
            Cpctl.CommandLine("worker", "--address", address, "--gate", $"127.0.0.1:{port + 1}", "--name", "apart", "--data", Path.Combine(directory, "worker")), directory);
        var code = EchoFunction.CopyTo(directory);
        (await Cpctl.RunAsync(address, "function", "deploy", code, "--name", EchoFunction.Name, "-e", $"TMPDIR={code}")).Ended(0);
        await Eventually.HoldsAsync(
            async () => (await Cpctl.RunAsync(address, "worker", "list")).Output.Contains("apart", StringComparison.Ordinal),
            () => $"the worker registers; it said:\n{worker.Said}");

        var answer = (await Cpctl.RunAsync(address, "invoke", EchoFunction.Name, "--max-wait", "30s", "--payload", "hello")).Ended(0);
        Assert.Equal("hello", answer.Output.TrimEnd('\n'));

        (await Cpctl.RunAsync(address, "worker", "drain", "apart", "--deadline", "0")).Ended(0);
        await Eventually.HoldsAsync(
            async () => (await Cpctl.RunAsync(address, "status", "--json")).Json.GetProperty("sandboxes").GetInt64() == 0, () => "a drained worker has no sandboxes");
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync());
        node.Terminate();
        Assert.Equal(0, await node.ExitAsync());
        Assert.Empty(RunningProcesses.Naming(directory));
    }

    private static Task<CommandResult> DevAsync(string directory, params string[] more)
    {
        var address = $"http://127.0.0.1:{LoopbackPorts.TakePair()}";
        return Cpctl.RunAsync(address, ["dev", "--once", "--cycles", $"{Cycles}", "--data", Path.Combine(directory, "data"), .. more]);
    }
}
