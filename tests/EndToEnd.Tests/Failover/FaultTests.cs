using System.Globalization;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Failover;

/// <summary>
/// Three nodes as real processes, clients that never stop, and a fault, a few times. The command itself records every call and judges the history
/// with <c>src/Verification</c>; the same command does it a hundred times (README).
/// </summary>
public sealed class FaultTests(TestRun run, ITestOutputHelper output)
{
    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("CONTROLPLANE_E2E_FAULTS"), CultureInfo.InvariantCulture, out var rounds) ? rounds : 2;

    [Theory]
    [InlineData("kill-leader")]
    [InlineData("kill-follower")]
    [InlineData("kill-two")]
    [InlineData("pause-leader")]
    [InlineData("one-way")]
    [InlineData("hand-over")]
    public async Task Nothing_is_lost_and_nobody_is_doubled(string fault)
    {
        var directory = run.NewDirectory(fault);
        await using var command = CapturedProcess.Start(
            Cpctl.CommandLine(
                "dev", "--nodes", "3", "--fault", fault, "--rounds", Rounds.ToString(CultureInfo.InvariantCulture), "--clients", "8", "--once", "--json",
                "--data", directory, "--address", $"http://127.0.0.1:{LoopbackPorts.TakeBlock(21)}"),
            directory);

        var result = (await command.ResultAsync()).Ended(0);

        var view = result.Json;
        output.WriteLine(result.Output);
        Assert.Equal((0, 0), (view.GetProperty("lost").GetInt32(), view.GetProperty("doubled").GetInt32()));
        Assert.Equal(Rounds, view.GetProperty("rounds").GetArrayLength());
        Assert.All(view.GetProperty("rounds").EnumerateArray(), round => Assert.True(round.GetProperty("resumed").GetBoolean()));
        Assert.Empty(RunningProcesses.Naming(directory));
    }
}
