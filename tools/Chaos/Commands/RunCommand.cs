using System.CommandLine;
using System.Globalization;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Doctor;
using ControlPlane.Chaos.Live;
using ControlPlane.Chaos.Recording;
using ControlPlane.Chaos.Reports;
using ControlPlane.Chaos.Runs;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Commands;

/// <summary><c>run SCENARIO</c>.</summary>
internal static class RunCommand
{
    public static Command Build(Terminal terminal)
    {
        var scenario = ScenarioArgument.New();
        var data = new Option<string>("--data") { Description = "Where the run is written; must not exist, or be empty. Default: below ./chaos-runs.", HelpName = "DIR" };
        var seed = new Option<long?>("--seed") { Description = "Instead of the scenario's.", HelpName = "N" };
        var duration = TimeOption.Named("--duration", "How long faults are struck, instead of the scenario's time.");
        var report = new Option<bool>("--report") { Description = "Writes report.html as well." };
        return new ChaosCommand(
            "run",
            "Runs a scenario on real processes: nodes, workers, clients, faults, healing, checks. Everything that happens is written down, everything that was started ends.",
            "controlplane-chaos run thawed-leader",
            "controlplane-chaos run my.jsonc --seed 7 --duration 2m --report --data ./run-7",
            "controlplane-chaos run thawed-leader --json | jq .outcome")
            .With(scenario, data, seed, duration, report)
            .Does(terminal, async context =>
            {
                var name = context.Get(scenario);
                var loaded = ScenarioArgument.Load(name);
                loaded = Within(loaded with { Seed = context.Get(seed) ?? loaded.Seed }, context.Get(duration) ?? loaded.Duration);
                var verdict = await RunAsync(context, name, loaded, context.Get(data), context.Get(report));
                return verdict.Outcome;
            });
    }

    /// <summary>The scenario with another duration; faults that would strike later are not struck.</summary>
    public static Scenario Within(Scenario scenario, TimeSpan duration) =>
        scenario with { Duration = duration, Faults = [.. scenario.Faults.Where(fault => !(fault.At >= duration))] };

    /// <summary>Runs one scenario and shows its verdict.</summary>
    /// <exception cref="ChaosException">This machine does not allow it, or the directory is not empty.</exception>
    public static async Task<RunVerdict> RunAsync(CommandContext context, string name, Scenario scenario, string? data, bool report)
    {
        var machine = await Machine.LookAsync(context.Cancellation);
        if (machine.Lacking(scenario) is { } lacking)
        {
            throw new ChaosException(ExitCode.Skipped, $"SKIPPED — {scenario.Name}: {lacking} (`{ChaosRoot.Name} doctor` says what this machine allows)");
        }

        var directory = new RunDirectory(Path.GetFullPath(data ?? DefaultDirectory(scenario)));
        if (Directory.Exists(directory.Path) && Directory.EnumerateFileSystemEntries(directory.Path).Any())
        {
            throw ChaosException.Usage($"{directory.Path} is not empty; name another with --data");
        }

        context.Note($"{scenario.Name}, seed {scenario.Seed}, {TimeText.Of(scenario.Duration)}: {scenario.Breaks}");
        context.Note($"written to {directory.Path}");
        var run = new ScenarioRun(scenario, directory, machine.CanMount, ReplayOf(name, scenario));
        var verdict = await run.RunAsync(
            context.Json ? (_, _) => Task.CompletedTask : context.Terminal.ShowsProgress ? new LiveView(context.Terminal).RunAsync : new PlainNarration(context.Terminal).RunAsync,
            context.Cancellation);
        if (report || verdict.Outcome == ExitCode.Safety)
        {
            await HtmlReport.WriteAsync(directory, verdict, context.Cancellation);
            context.Note($"report in {directory.Report}");
        }

        Show(context, directory, verdict);
        return verdict;
    }

    public static void Show(CommandContext context, RunDirectory directory, RunVerdict verdict)
    {
        if (context.Json)
        {
            context.WriteJson(new { verdict, directory = directory.Path });
        }
        else
        {
            context.Terminal.Output.WriteLine(verdict.OneLine);
        }
    }

    public static string ReplayOf(string name, Scenario scenario) =>
        string.Create(CultureInfo.InvariantCulture, $"{ChaosRoot.Name} run {name} --seed {scenario.Seed} --duration {TimeText.Of(scenario.Duration)}");

    private static string DefaultDirectory(Scenario scenario) =>
        Path.Combine("chaos-runs", string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}-{scenario.Seed}-{DateTime.UtcNow:yyyyMMdd-HHmmss}"));
}
