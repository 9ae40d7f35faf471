using ControlPlane.CrashExplorer.App;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Mutants;
using ControlPlane.CrashExplorer.Reproductions;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Recovery;

namespace ControlPlane.CrashExplorer.Tests.Reproductions;

public sealed class ReproductionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("crash-explorer-tests-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_violation_is_kept_and_happens_again()
    {
        var mutant = MutantList.All.Single(known => known.Name == "acknowledged-after-failed-flush");
        var violation = MutantHunt.Hunt(mutant, Depth.Full).Found!;
        Assert.Contains("While entries of many sizes", violation.Sentence, StringComparison.Ordinal);
        Reproduction.Of(violation).WriteTo(_directory, violation.Image);

        using var output = new StringWriter();
        Assert.Equal(1, await ExplorerApp.RunAsync(["replay", _directory], output, output, showsProgress: false));
        Assert.Contains("It happens again", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_violation_any_more_says_so()
    {
        var run = WorkloadRun.Of(WorkloadList.Find("snapshots")!);
        var end = run.History.Changes.Count;
        var violation = new Violation(
            run.Workload, "kill", end, "nothing happened", "nothing", DamagePolicy.RollBack, Expectation.Recovers, run.Book.At(end), run.History.At(end));
        Reproduction.Of(violation).WriteTo(_directory, violation.Image);

        using var output = new StringWriter();
        Assert.Equal(0, await ExplorerApp.RunAsync(["replay", _directory], output, output, showsProgress: false));
    }
}
