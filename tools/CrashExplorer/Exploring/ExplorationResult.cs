using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Exploring;

/// <summary>What an exploration found.</summary>
/// <param name="Tallies">By workload and kind, in the order of the lists; without those that have no image.</param>
/// <param name="Violations">The first of them.</param>
/// <param name="Uncovered">What was asked for and not looked at; empty: nothing.</param>
/// <param name="Took">Time on the clock.</param>
internal sealed record ExplorationResult(
    IReadOnlyList<Tally> Tallies, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Uncovered, TimeSpan Took)
{
    public long Images => Tallies.Sum(tally => tally.Images);

    public long Distinct => Tallies.Sum(tally => tally.Distinct);

    public long Of(Outcome outcome) => Tallies.Sum(tally => tally.Of(outcome));
}
