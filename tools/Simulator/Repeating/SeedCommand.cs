using System.CommandLine;
using System.Globalization;
using ControlPlane.Simulation;
using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Repeating;

/// <summary><c>seed S</c>.</summary>
internal static class SeedCommand
{
    private static readonly Argument<ulong> Seed = new("SEED") { Description = "Which." };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Every event, with its virtual time." };
    private static readonly Option<bool> Twice = new("--twice") { Description = "Twice, in processes of their own: is it the same, event by event?" };
    private static readonly Option<bool> Fingerprint = new("--fingerprint") { Description = "The hash of all events only." };

    public static Command Build(Terminal terminal) =>
        new SimulatorCommand(
            "seed",
            "Runs one seed.",
            "controlplane-sim seed 42 --verbose | less",
            "controlplane-sim seed 42 --twice")
        .Takes(Seed)
        .With(Verbose, Twice, Fingerprint)
        .Does(terminal, parsed =>
        {
            var seed = parsed.GetValue(Seed);
            if (parsed.GetValue(Twice))
            {
                var difference = TwinRun.Compare(seed);
                terminal.Output.WriteLine(difference ?? $"two runs of seed {seed} are the same, event by event");
                return difference is null ? ExitCode.Passed : ExitCode.Nondeterministic;
            }

            var result = Simulation.Simulator.Run(SimulationPlan.Of(seed), parsed.GetValue(Verbose) ? terminal.Output.WriteLine : null);
            if (parsed.GetValue(Fingerprint))
            {
                terminal.Output.WriteLine(result.Fingerprint.ToString("x16", CultureInfo.InvariantCulture));
            }
            else
            {
                Story.Write(terminal, result);
            }

            return Story.ExitOf(result);
        });
}
