using System.CommandLine;
using System.Text.Json;
using ControlPlane.Simulation.Shrinking;
using ControlPlane.Simulator.App;
using ControlPlane.Simulator.Mutating;

namespace ControlPlane.Simulator.Repeating;

/// <summary><c>replay FILE</c>.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> Path = new("FILE") { Description = "A repro.json." };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Every event, with its virtual time." };

    public static Command Build(Terminal terminal) =>
        new SimulatorCommand(
            "replay",
            "Runs a reproduction again and says whether it still fails as it did.",
            "controlplane-sim replay repro.json",
            "controlplane-sim replay repro.json --verbose | less")
        .Takes(Path)
        .With(Verbose)
        .Does(terminal, parsed =>
        {
            var reproduction = Read(parsed.GetRequiredValue(Path));
            using var mutant = ActiveMutant.Choose(reproduction.Mutant);
            var result = Simulation.Simulator.Run(reproduction.Plan, parsed.GetValue(Verbose) ? terminal.Output.WriteLine : null);
            var isSame = result.Violation?.Check == reproduction.Check;
            terminal.Output.WriteLine($"expected: {reproduction.Check}: {reproduction.Sentence}");
            terminal.Output.WriteLine($"found:    {(result.Violation is { } violation ? $"{violation.Check}: {violation.Sentence}" : "nothing is wrong")}");
            return isSame ? ExitCode.Passed : ExitCode.TooLittleCovered;
        });

    private static Reproduction Read(string path)
    {
        try
        {
            return Reproduction.Parse(File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path}: {unreadable.Message}");
        }
    }
}
