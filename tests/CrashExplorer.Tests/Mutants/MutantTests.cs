using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Mutants;

namespace ControlPlane.CrashExplorer.Tests.Mutants;

/// <summary>The explorer is tested too: each deliberate bug must be found. Those inside the storage need <c>/p:Mutants=true</c>.</summary>
public sealed class MutantTests
{
    public static TheoryData<string> Names => [.. MutantList.All.Select(mutant => mutant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_deliberate_bug_is_found(string name)
    {
        var mutant = MutantList.All.Single(known => known.Name == name);
        Assert.SkipUnless(mutant.IsInThisBuild, "This bug is inside the storage: build with /p:Mutants=true.");
        var found = MutantHunt.Hunt(mutant, Depth.Full).Found;
        Assert.NotNull(found);
        Assert.Contains(found.Kind, mutant.Kinds);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_the_bug_the_same_hunt_finds_nothing(string name)
    {
        var mutant = MutantList.All.Single(known => known.Name == name);
        var options = new ExplorationOptions
        {
            Workloads = [.. mutant.Workloads.Select(workload => CrashExplorer.Workloads.WorkloadList.Find(workload)!)],
            Kinds = mutant.Kinds.ToHashSet(),
            Jobs = Environment.ProcessorCount,
        };
        Assert.Empty(new Explorer(options).Run().Violations.Select(violation => violation.Sentence));
    }
}
