using System.Globalization;

namespace ControlPlane.Scenarios;

/// <summary>A fault and the moment at which it is to strike.</summary>
/// <param name="At">Since the load began.</param>
/// <param name="Index">Its place in the scenario's list.</param>
/// <param name="Occurrence">How often it struck before.</param>
/// <param name="Fault">What.</param>
public sealed record PlannedFault(TimeSpan At, int Index, int Occurrence, Fault Fault)
{
    /// <summary>The name of its draws: of this fault and this occurrence alone.</summary>
    public string Stream => string.Create(CultureInfo.InvariantCulture, $"fault-{Index}/{Occurrence}");
}

/// <summary>When the faults of a scenario strike: known before it runs, from the scenario alone.</summary>
public static class FaultPlan
{
    /// <summary>All of them, in order of their times.</summary>
    public static IReadOnlyList<PlannedFault> Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return [.. scenario.Faults.SelectMany((fault, index) => Occurrences(scenario, fault, index)).OrderBy(planned => planned.At).ThenBy(planned => planned.Index)];
    }

    private static IEnumerable<PlannedFault> Occurrences(Scenario scenario, Fault fault, int index)
    {
        var at = fault.At ?? TimeSpan.Zero;
        for (var occurrence = 0; occurrence < (fault.At is null ? fault.Times ?? long.MaxValue : 1); occurrence++)
        {
            at += fault.At is not null ? TimeSpan.Zero
                : fault.Every ?? Draws.Within(fault.Between!.Value, scenario.Seed, string.Create(CultureInfo.InvariantCulture, $"fault-{index}/gap"), occurrence);
            if (at >= scenario.Duration)
            {
                yield break;
            }

            yield return new PlannedFault(at, index, occurrence, fault);
        }
    }
}
