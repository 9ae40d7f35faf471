using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;

namespace ControlPlane.CrashExplorer.Tests.Exploring;

/// <summary>The claim of the storage, over tens of thousands of images.</summary>
public sealed class QuickExplorationTests
{
    [Fact]
    public void No_crash_and_no_single_fault_loses_in_silence_what_was_told()
    {
        var result = new Explorer(new ExplorationOptions { Jobs = Environment.ProcessorCount }).Run();
        Assert.Empty(result.Violations.Select(violation => violation.Sentence));
        Assert.Empty(result.Uncovered);
        Assert.True(result.Distinct > 15_000, $"only {result.Distinct} distinct images");

        // A run in which nothing is ever refused, or repaired, has not looked.
        Assert.True(result.Of(Outcome.Refused) > 1_000);
        Assert.True(result.Of(Outcome.Repaired) > 1_000);
    }
}
