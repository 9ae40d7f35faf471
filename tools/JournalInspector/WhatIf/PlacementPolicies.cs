using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>A worker that could take a sandbox, as a policy sees it.</summary>
/// <param name="Load">What it would look like with one more.</param>
/// <param name="Turn">How far it comes, in order of names, after the worker that was chosen last.</param>
internal readonly record struct PlacementCandidate(PlacementLoad Load, int Turn)
{
    /// <summary>Share of the scarcest resource that would be taken.</summary>
    public double Fill => Math.Max(
        (double)Load.SandboxesAfter / Math.Max(1u, Load.CapacitySandboxes), Load.MemoryPeakMib / Math.Max(1.0, Load.CapacityMemoryMib));
}

/// <summary>How a worker is chosen for a new sandbox, as data.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Summary">For people.</param>
/// <param name="Compared">How many candidates, drawn at random, are compared; null: all.</param>
/// <param name="Score">The lowest is chosen; of equals the first in order of names.</param>
internal sealed record PlacementPolicy(string Name, string Summary, int? Compared, Func<PlacementCandidate, double> Score);

/// <summary>The policies that can be tried.</summary>
internal static class PlacementPolicies
{
    /// <summary>What the worker manager does, by its own scoring.</summary>
    public static PlacementPolicy Production { get; } = new(
        "production", "best of a few drawn at random, by the worker manager's own score", new CoreOptions().PlacementChoices, candidate => PlacementScore.Of(candidate.Load).Total);

    public static IReadOnlyList<PlacementPolicy> All { get; } =
    [
        Production,
        new("best-score", "the best of all workers, by the worker manager's own score", null, candidate => PlacementScore.Of(candidate.Load).Total),
        new("pack", "the fullest worker that still has room", null, candidate => -candidate.Fill),
        new("spread", "the emptiest worker", null, candidate => candidate.Fill),
        new("round-robin", "each worker in turn, in order of names", null, candidate => candidate.Turn),
        new("random", "any worker that has room", 1, _ => 0),
    ];

    public static PlacementPolicy Named(string name) => All.First(policy => policy.Name == name);
}
