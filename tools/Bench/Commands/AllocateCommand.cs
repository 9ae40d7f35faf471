using System.CommandLine;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Reports;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary>
/// <c>allocate</c>: a closed loop at each concurrency, alternating with the no-op call on the same server and the bare data sync on the
/// same disk (A B C A B C …), so that a change in the machine's mood touches all alike. With one client also a call that does nothing
/// but sync: with more it would be no baseline, because it has no group commit.
/// </summary>
internal static class AllocateCommand
{
    public static Command Build()
    {
        var data = BenchOptions.Data();
        var seconds = BenchOptions.Seconds(5);
        var warmUp = BenchOptions.WarmUp();
        var json = BenchOptions.Json();
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each; the ratio's spread is over these.", DefaultValueFactory = _ => 3 };
        var concurrency = new Option<int[]>("--concurrency")
        {
            Description = "Clients at a time.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 8, 64],
        };
        var command = new Command("allocate", "Journaled allocate and release in a closed loop, beside a no-op call and a bare data sync.")
        {
            data, seconds, warmUp, rounds, concurrency, json,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)),
            TimeSpan.FromSeconds(parsed.GetRequiredValue(warmUp)),
            parsed.GetRequiredValue(rounds),
            parsed.GetRequiredValue(concurrency),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task RunAsync(
        string data, TimeSpan duration, TimeSpan warmUp, int rounds, int[] concurrencies, bool json, CancellationToken cancellation)
    {
        await using var setup = await BenchSetup.StartAsync(data, cancellation);
        using var sync = new DataSyncLoad(setup.Directory);
        var noOp = new NoOpLoad(setup.Channel);
        var syncedNoOp = new SyncedNoOpLoad(setup.Channel);
        var allocate = new AllocateLoad(setup.Channel, BenchSetup.Function);
        Task<Measured> MeasureAsync(ILoad load, int concurrency, TimeSpan time) =>
            ClosedLoop.RunAsync(load, concurrency, time, () => setup.Node.CpuTime, cancellation);

        var comparisons = new List<Comparison>();
        await Narration.DuringAsync(json, async step =>
        {
            step("warming up");
            await MeasureAsync(noOp, 8, warmUp / 4);
            await MeasureAsync(syncedNoOp, 1, warmUp / 4);
            await MeasureAsync(allocate, 8, warmUp / 2);
            foreach (var concurrency in concurrencies)
            {
                var comparison = new Comparison($"c={concurrency}");
                for (var round = 1; round <= rounds; round++)
                {
                    step($"c={concurrency}, round {round} of {rounds}");
                    comparison.Add(
                        await MeasureAsync(sync, 1, duration / 4),
                        await MeasureAsync(noOp, concurrency, duration),
                        concurrency == 1 ? await MeasureAsync(syncedNoOp, 1, duration) : null,
                        await MeasureAsync(allocate, concurrency, duration));
                }

                comparisons.Add(comparison);
            }
        });
        ComparisonReport.Write(comparisons, json, AnsiConsole.Console);
    }
}
