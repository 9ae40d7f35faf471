using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Recording;

/// <summary>A whole run, as its directory has it.</summary>
/// <param name="Scenario">What was to be done, with the seed and the duration that were used.</param>
/// <param name="Operations">Every call, in order of its end.</param>
/// <param name="Events">Everything else, in order.</param>
internal sealed record RunRecord(Scenario Scenario, IReadOnlyList<Operation> Operations, IReadOnlyList<RunEvent> Events)
{
    /// <summary>When the last thing happened, in microseconds.</summary>
    public long End => Math.Max(Operations.Count > 0 ? Operations[^1].To : 0, Events.Count > 0 ? Events.Max(happened => happened.At) : 0);

    public static RunRecord Load(RunDirectory directory) => new(
        ScenarioFile.Parse(File.ReadAllText(directory.Scenario)),
        [.. JsonLines<Operation>.Read(directory.History).OrderBy(operation => operation.To)],
        [.. JsonLines<RunEvent>.Read(directory.Events)]);
}
