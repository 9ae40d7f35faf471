using ControlPlane.CrashExplorer.Workloads;

namespace ControlPlane.CrashExplorer.Tests.Histories;

public sealed class WorkloadTests
{
    public static TheoryData<string> Names => [.. WorkloadList.All.Select(workload => workload.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_workload_comes_to_its_end_and_does_the_same_each_time(string name)
    {
        var first = WorkloadRun.Of(WorkloadList.Find(name)!);
        var second = WorkloadRun.Of(WorkloadList.Find(name)!);
        Assert.Null(first.Failure);
        Assert.Null(first.Stopped);
        Assert.True(first.History.Changes.Count > 50);
        Assert.Equal(first.History.Changes.Select(change => change.Says), second.History.Changes.Select(change => change.Says));
        Assert.Equal(first.History.At(first.History.Changes.Count).Hash(), second.History.At(second.History.Changes.Count).Hash());
    }
}
