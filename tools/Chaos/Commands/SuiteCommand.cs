using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Doctor;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Suite;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Commands;

/// <summary><c>suite</c>.</summary>
internal static class SuiteCommand
{
    public static Command Build(Terminal terminal)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long in all; a run that has begun comes to its end.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var seed = new Option<long>("--seed") { Description = "The first seed; each round over the scenarios takes the next.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var data = new Option<string>("--data") { Description = "Where the runs are written; those that passed are deleted unless --keep.", HelpName = "DIR", DefaultValueFactory = _ => "chaos-runs" };
        var duration = TimeOption.Named("--duration", "How long faults are struck in each run, instead of the scenarios' times.");
        var results = new Option<string>("--results") { Description = "The table that grows with each suite.", HelpName = "FILE", DefaultValueFactory = _ => "RESULTS.md" };
        var keep = new Option<bool>("--keep") { Description = "Keeps the runs that passed." };
        var only = new Option<string[]>("--only") { Description = "Only these scenarios.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        return new ChaosCommand(
            "suite",
            "Runs all scenarios in turn, again with the next seed while time is left, and adds what was done to a table.",
            "controlplane-chaos suite --minutes 20",
            "controlplane-chaos suite --minutes 120 --seed 1000 --results tools/Chaos/RESULTS.md")
            .With(minutes, seed, duration, data, results, keep, only)
            .Does(terminal, async context =>
            {
                var names = context.Get(only) is { Length: > 0 } some ? some : [.. ScenarioArgument.Shipped.Select(path => Path.GetFileNameWithoutExtension(path)!)];
                var verdicts = new List<RunVerdict>();
                try
                {
                    await RunAllAsync(
                        context,
                        names,
                        TimeSpan.FromMinutes(context.Get(minutes)),
                        (name, round) => ScenarioOf(name, context.Get(seed) + round, context.Get(duration)),
                        (context.Get(data)!, context.Get(keep)),
                        verdicts);
                }
                finally
                {
                    await AddAsync(context.Get(results)!, verdicts);
                }

                var worst = verdicts.Select(verdict => verdict.Outcome).Append(ExitCode.Pass).OrderBy(Severity).First();
                context.Note($"{verdicts.Count} runs, {verdicts.Count(verdict => verdict.Outcome == ExitCode.Pass)} passed; added to {context.Get(results)}");
                return worst;
            });
    }

    private static async Task RunAllAsync(
        CommandContext context, IReadOnlyList<string> names, TimeSpan time, Func<string, int, Scenario> scenarioOf, (string Directory, bool Keep) data, List<RunVerdict> verdicts)
    {
        var machine = await Machine.LookAsync(context.Cancellation);
        var begun = Stopwatch.StartNew();
        for (var round = 0; round == 0 || begun.Elapsed < time; round++)
        {
            foreach (var name in names.TakeWhile(_ => begun.Elapsed < time))
            {
                var scenario = scenarioOf(name, round);
                if (machine.Lacking(scenario) is { } lacking)
                {
                    context.Note($"SKIPPED — {name}: {lacking}");
                    continue;
                }

                var directory = Path.Combine(data.Directory, string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}-{scenario.Seed}-{DateTime.UtcNow:yyyyMMdd-HHmmss}"));
                verdicts.Add(await RunCommand.RunAsync(context, name, scenario, directory, report: false));
                if (verdicts[^1].Outcome == ExitCode.Pass && !data.Keep)
                {
                    Directory.Delete(directory, recursive: true);
                }
            }
        }
    }

    private static Scenario ScenarioOf(string name, long seed, TimeSpan? duration)
    {
        var loaded = ScenarioArgument.Load(name);
        return RunCommand.Within(loaded with { Seed = seed }, duration ?? loaded.Duration);
    }

    private static async Task AddAsync(string file, List<RunVerdict> verdicts)
    {
        if (verdicts.Count == 0)
        {
            return;
        }

        var (code, commit, _) = await ChildProcess.RunAsync(["git", "rev-parse", "--short", "HEAD"], CancellationToken.None);
        var row = ResultsRow.Of(DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), code == 0 ? commit.Trim() : "unknown", verdicts);
        await File.WriteAllTextAsync(file, ResultsTable.Add(File.Exists(file) ? await File.ReadAllTextAsync(file) : "", row));
    }

    private static int Severity(ExitCode outcome) => outcome switch
    {
        ExitCode.Safety => 0,
        ExitCode.Liveness => 1,
        ExitCode.Unknown => 2,
        _ => 3,
    };
}
