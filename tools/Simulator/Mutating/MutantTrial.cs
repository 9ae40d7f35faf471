using System.Diagnostics;
using ControlPlane.Simulation;
using ControlPlane.Simulation.Shrinking;

namespace ControlPlane.Simulator.Mutating;

/// <summary>What became of one mutant.</summary>
/// <param name="Mutant">Which.</param>
/// <param name="Seeds">Seeds until it was caught; all that were tried if it was not.</param>
/// <param name="Killer">The run that caught it, made small; null if none did.</param>
/// <param name="ShrinkSeconds">How long that took.</param>
internal sealed record MutantTrial(KnownMutant Mutant, int Seeds, SimulationResult? Killer, double ShrinkSeconds)
{
    public static MutantTrial Run(KnownMutant mutant, int seedsMax, int shrinkSeconds, Action<string> progress)
    {
        using var active = ActiveMutant.Choose(mutant.Name);
        var tried = 0;
        for (var seed = 1UL; tried < seedsMax; seed++)
        {
            // Of the seeds, those in which it can show itself at all and nothing else may go wrong.
            var plan = SimulationPlan.Of(seed);
            if (plan.Knobs.Mode != DamageMode.Repairable || (mutant.Workload is { } needed && plan.Knobs.Workload != needed))
            {
                continue;
            }

            tried++;
            progress($"{mutant.Name}: seed {tried} of {seedsMax}");
            var result = Simulation.Simulator.Run(plan);
            if (result.Violation is not null)
            {
                return Shrunk(mutant, tried, result, shrinkSeconds, progress);
            }
        }

        return new MutantTrial(mutant, tried, null, 0);
    }

    private static MutantTrial Shrunk(KnownMutant mutant, int tried, SimulationResult result, int shrinkSeconds, Action<string> progress)
    {
        var watch = Stopwatch.StartNew();
        var small = Shrinker.Shrink(result, plan => Simulation.Simulator.Run(plan), () => watch.Elapsed.TotalSeconds < shrinkSeconds, step => progress($"{mutant.Name}: {step}"));
        return new MutantTrial(mutant, tried, small, watch.Elapsed.TotalSeconds);
    }
}
