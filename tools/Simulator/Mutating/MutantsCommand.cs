using System.CommandLine;
using ControlPlane.Simulation;
using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Mutating;

/// <summary><c>mutants</c>.</summary>
internal static class MutantsCommand
{
    private static readonly Option<int> Seeds = new("--seeds") { Description = "Most seeds for each.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> ShrinkSeconds = new("--shrink-seconds") { Description = "How long to make each failure smaller.", DefaultValueFactory = _ => 60 };
    private static readonly Option<string?> Only = new("--only") { Description = "Only those whose names contain this." };
    private static readonly Option<string?> Out = new("--out") { Description = "Also writes the table to this file." };

    public static Command Build(Terminal terminal) =>
        new SimulatorCommand(
            "mutants",
            "Runs each deliberately seeded bug until it is caught. Only in a build that has them.",
            "dotnet run --project tools/Simulator -p:Mutants=true -- mutants --out src/Simulation/MUTANTS.md")
        .With(Seeds, ShrinkSeconds, Only, Out)
        .Does(terminal, parsed =>
        {
            var only = parsed.GetValue(Only) ?? "";
            var trials = new List<MutantTrial>();
            foreach (var mutant in KnownMutants.All.Where(mutant => mutant.Name.Contains(only, StringComparison.Ordinal)))
            {
                var trial = MutantTrial.Run(mutant, parsed.GetValue(Seeds), parsed.GetValue(ShrinkSeconds), terminal.Progress);
                terminal.Progress("");
                terminal.Output.WriteLine($"{mutant.Name}: {(trial.Killer is { } killer ? $"caught by seed {trial.Seeds}, {killer.Violation!.Check}; {killer.Faults.Count} faults, {killer.Operations} operations left" : $"NOT caught in {trial.Seeds} seeds")}");
                terminal.Output.Flush();
                trials.Add(trial);
            }

            var matrix = KillMatrix.Write(trials);
            terminal.Output.WriteLine(matrix);
            if (parsed.GetValue(Out) is { } path)
            {
                File.WriteAllText(path, matrix);
            }

            return trials.TrueForAll(trial => trial.Killer is not null) ? ExitCode.Passed : ExitCode.TooLittleCovered;
        });
}
