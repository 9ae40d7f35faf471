using System.CommandLine;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Reports;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary><c>open</c>: allocations that arrive at a given rate, latency from the intended start, beside no-op calls at the same rate.</summary>
internal static class OpenLoopCommand
{
    public static Command Build()
    {
        var data = BenchOptions.Data();
        var seconds = BenchOptions.Seconds(10);
        var warmUp = BenchOptions.WarmUp();
        var json = BenchOptions.Json();
        var rate = new Option<double>("--rate") { Description = "Arrivals per second.", DefaultValueFactory = _ => 1000 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each.", DefaultValueFactory = _ => 2 };
        var command = new Command("open", "Allocations at a given rate: latency from the intended start, free of coordinated omission.")
        {
            data, rate, seconds, warmUp, rounds, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(rate) is not (> 0 and <= 100_000))
            {
                result.AddError("--rate must be above 0 and at most 100000.");
            }
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data),
            parsed.GetRequiredValue(rate),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(warmUp)),
            parsed.GetRequiredValue(rounds),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task RunAsync(
        string data, double rate, TimeSpan duration, TimeSpan warmUp, int rounds, bool json, CancellationToken cancellation)
    {
        await using var setup = await BenchSetup.StartAsync(data, cancellation);
        using var sync = new DataSyncLoad(setup.Directory);
        var noOp = new NoOpLoad(setup.Channel);
        var allocate = new AllocateLoad(setup.Channel, BenchSetup.Function);
        Task<Measured> MeasureAsync(ILoad load, TimeSpan time) => OpenLoop.RunAsync(load, rate, time, () => setup.Node.CpuTime, cancellation);

        var comparison = new Comparison($"{rate:0}/s");
        await Narration.DuringAsync(json, async step =>
        {
            step("warming up");
            await MeasureAsync(noOp, warmUp / 2);
            await MeasureAsync(allocate, warmUp / 2);
            for (var round = 1; round <= rounds; round++)
            {
                step($"round {round} of {rounds}");
                comparison.Add(
                    await ClosedLoop.RunAsync(sync, 1, duration / 8, () => setup.Node.CpuTime, cancellation),
                    await MeasureAsync(noOp, duration),
                    null,
                    await MeasureAsync(allocate, duration));
            }
        });
        ComparisonReport.Write([comparison], json, AnsiConsole.Console);
    }
}
