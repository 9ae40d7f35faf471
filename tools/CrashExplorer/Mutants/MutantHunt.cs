using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Primitives;

namespace ControlPlane.CrashExplorer.Mutants;

/// <summary>How a deliberate bug fared.</summary>
/// <param name="Mutant">The bug.</param>
/// <param name="Found">How it showed; null if it was not found, or not looked for.</param>
/// <param name="Images">Distinct images until then.</param>
/// <param name="Took">Time on the clock.</param>
internal sealed record HuntResult(StorageMutant Mutant, Violation? Found, long Images, TimeSpan Took);

/// <summary>Puts one deliberate bug in and explores until it shows. One hunt at a time in a process.</summary>
internal static class MutantHunt
{
    public static HuntResult Hunt(StorageMutant mutant, Depth depth)
    {
        var options = new ExplorationOptions
        {
            Workloads = [.. mutant.Workloads.Select(name => WorkloadList.Find(name)!)],
            Kinds = mutant.Kinds.ToHashSet(),
            Depth = depth,
            ViolationsMax = 1,
            Layer = mutant.Layer,
        };
        SetActive(mutant.Layer is null ? mutant.Name : null);
        try
        {
            var result = new Explorer(options).Run();
            return new HuntResult(mutant, result.Violations.Count > 0 ? result.Violations[0] : null, result.Distinct, result.Took);
        }
        finally
        {
            SetActive(null);
        }
    }

    private static void SetActive(string? name)
    {
#if MUTANTS
        Mutant.Activate(name);
#else
        Invariant.Check(name is null, "a bug inside the storage is only in builds with mutants");
#endif
    }
}
