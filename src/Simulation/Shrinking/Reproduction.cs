using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Simulation.Faults;

namespace ControlPlane.Simulation.Shrinking;

/// <summary>
/// A failure that stands for itself: everything that the run depends on, said in full, and what is expected of it. It outlives changes of how
/// seeds are read; a bare seed does not.
/// </summary>
/// <param name="Seed">Of the draws that remain: delays, who asks for what.</param>
/// <param name="Knobs">The world and its workload.</param>
/// <param name="Faults">What goes wrong, concretely.</param>
/// <param name="Check">The demand that is violated.</param>
/// <param name="Sentence">How, when it was found.</param>
/// <param name="Story">The whole in one sentence.</param>
public sealed record Reproduction(
    ulong Seed, SimulationKnobs Knobs, IReadOnlyList<Fault> Faults, string Check, string Sentence, string Story)
{
    private static readonly JsonSerializerOptions Shape = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The deliberately seeded bug that it needs, if any.</summary>
    public string? Mutant { get; init; }

    /// <summary>What to run.</summary>
    [JsonIgnore]
    public SimulationPlan Plan => new(Seed, Knobs, Faults);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static Reproduction Parse(string json) =>
        JsonSerializer.Deserialize<Reproduction>(json, Shape) ?? throw new JsonException("The file holds no reproduction.");

    /// <summary>Of a failed run.</summary>
    public static Reproduction Of(SimulationResult failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        var violation = failed.Violation ?? throw new ArgumentException("The run did not fail.", nameof(failed));
        return new Reproduction(failed.Plan.Seed, failed.Plan.Knobs, failed.Plan.Faults ?? failed.Faults, violation.Check, violation.Sentence, Tell(failed, violation));
    }

    /// <summary>The file.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Shape);

    private static string Tell(SimulationResult failed, SimulationViolation violation)
    {
        var knobs = failed.Plan.Knobs;
        var faults = failed.Plan.Faults ?? failed.Faults;
        var workers = knobs.Workload == Workload.Leases ? $", {knobs.Workers} workers" : "";
        var after = faults.Count switch
        {
            0 => "without any fault",
            <= 6 => $"after {string.Join(", ", faults)}",
            _ => $"after {faults.Count} faults",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"With {knobs.Nodes} nodes, {knobs.Clients} clients{workers} and {failed.Operations} operations, {after}, at {violation.At / 1e9:0.000000} s: {violation.Sentence}.");
    }
}
