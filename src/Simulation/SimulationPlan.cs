using ControlPlane.Simulation.Faults;

namespace ControlPlane.Simulation;

/// <summary>Everything that a run depends on.</summary>
/// <param name="Seed">Of every draw.</param>
/// <param name="Knobs">What it is like.</param>
/// <param name="Faults">What goes wrong; null: drawn from the seed.</param>
public sealed record SimulationPlan(ulong Seed, SimulationKnobs Knobs, IReadOnlyList<Fault>? Faults = null)
{
    /// <summary>The plan of a seed: knobs and faults are drawn from it.</summary>
    public static SimulationPlan Of(ulong seed) => new(seed, KnobDrawing.Of(seed));
}
