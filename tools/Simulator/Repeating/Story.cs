using System.Globalization;
using ControlPlane.Simulation;
using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Repeating;

/// <summary>One run in words.</summary>
internal static class Story
{
    public static void Write(Terminal terminal, SimulationResult result)
    {
        var knobs = result.Plan.Knobs;
        terminal.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {result.Plan.Seed}: {knobs.Workload}, {knobs.Mode}, {knobs.Nodes} nodes, {knobs.Clients} clients, {knobs.Workers} workers; {result.Duration / 1e9:0.0} virtual seconds, {result.Operations} operations, {result.Entries} entries, {result.Faults.Count} faults, fingerprint {result.Fingerprint:x16}"));
        foreach (var fault in result.Faults)
        {
            terminal.Output.WriteLine($"  {fault}");
        }

        foreach (var (mark, times) in result.Coverage.Hits)
        {
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {times,8} {mark}"));
        }

        terminal.Output.WriteLine(result.Violation is { } violation
            ? string.Create(CultureInfo.InvariantCulture, $"{result.Verdict} at {violation.At / 1e9:0.000000} s, {violation.Check}: {violation.Sentence}")
            : "passed");
    }

    public static ExitCode ExitOf(SimulationResult result) => result.Verdict switch
    {
        SimulationVerdict.Unsafe => ExitCode.Unsafe,
        SimulationVerdict.NotLive => ExitCode.NotLive,
        _ => ExitCode.Passed,
    };
}
