using System.CommandLine;
using System.Diagnostics;
using ControlPlane.Simulation;
using ControlPlane.Simulation.Shrinking;
using ControlPlane.Simulator.App;
using ControlPlane.Simulator.Mutating;

namespace ControlPlane.Simulator.Repeating;

/// <summary><c>shrink SEED</c>.</summary>
internal static class ShrinkCommand
{
    private static readonly Argument<ulong> Seed = new("SEED") { Description = "A seed that fails." };
    private static readonly Option<string> Out = new("--out") { Description = "Where to write it.", DefaultValueFactory = _ => "repro.json" };
    private static readonly Option<int> Seconds = new("--seconds") { Description = "How long to try.", DefaultValueFactory = _ => 60 };
    private static readonly Option<string?> Mutant = new("--mutant") { Description = "With this bug planted (in a build for mutants)." };

    public static Command Build(Terminal terminal) =>
        new SimulatorCommand(
            "shrink",
            "Makes a failing seed small: as few faults, operations, clients and nodes as still fail in the same way.",
            "controlplane-sim shrink 42 --out repro.json")
        .Takes(Seed)
        .With(Out, Seconds, Mutant)
        .Does(terminal, parsed =>
        {
            var name = parsed.GetValue(Mutant);
            using var mutant = ActiveMutant.Choose(name);
            var failed = Simulation.Simulator.Run(SimulationPlan.Of(parsed.GetValue(Seed)));
            if (failed.Violation is null)
            {
                terminal.Output.WriteLine($"seed {parsed.GetValue(Seed)} passes: there is nothing to shrink");
                return ExitCode.TooLittleCovered;
            }

            var watch = Stopwatch.StartNew();
            var limit = TimeSpan.FromSeconds(parsed.GetValue(Seconds));
            var smallest = Shrinker.Shrink(failed, plan => Simulation.Simulator.Run(plan), () => watch.Elapsed < limit, terminal.Progress);
            terminal.Progress("");
            var reproduction = Reproduction.Of(smallest) with { Mutant = name };
            File.WriteAllText(parsed.GetValue(Out)!, reproduction.ToJson());
            terminal.Output.WriteLine(reproduction.Story);
            terminal.Output.WriteLine($"{failed.Faults.Count} faults became {reproduction.Faults.Count}, {failed.Operations} operations {smallest.Operations}, in {watch.Elapsed.TotalSeconds:0.0} s");
            terminal.Output.WriteLine($"  {SimulatorRoot.Name} replay {parsed.GetValue(Out)}");
            return ExitCode.Passed;
        });
}
