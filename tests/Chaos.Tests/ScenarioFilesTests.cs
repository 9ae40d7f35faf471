using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Commands;
using ControlPlane.Chaos.Faults;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Tests;

/// <summary>The scenarios that travel with the tool.</summary>
public sealed class ScenarioFilesTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Scenarios")).Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_scenario_can_be_read_and_says_what_it_breaks(string name)
    {
        var scenario = ScenarioArgument.Load(name);
        Assert.Equal(name, scenario.Name);
        Assert.EndsWith(".", scenario.Breaks, StringComparison.Ordinal);
        Assert.NotEmpty(FaultPlan.Of(scenario));
    }

    [Fact]
    public void There_are_enough_of_them_and_together_they_strike_every_kind_of_fault()
    {
        var all = ScenarioArgument.Shipped.Select(ScenarioArgument.Load).ToList();
        Assert.InRange(all.Count, 12, 100);
        Assert.Equal(Enum.GetValues<FaultKind>(), all.SelectMany(scenario => scenario.Faults).Select(fault => fault.Kind).Distinct().Order());
    }

    [Fact]
    public void Every_kind_of_fault_can_be_struck_at_real_processes()
    {
        IFaultFamily[] families = [new ProcessFaults(null!), new NetworkFaults(null!), new ClockFaults(), new LiveDiskFaults(null!), new FileFaults(null!), new LoadFaults(null!, null!)];
        Assert.Equal(Enum.GetValues<FaultKind>(), families.SelectMany(family => family.Ways).Select(way => way.Kind).Order());
    }

    [Fact]
    public void A_scenario_costs_only_what_its_faults_need()
    {
        Assert.Equal(new ClusterPlan(false, false, false, false, false), ClusterPlan.Of(ScenarioArgument.Load("thawed-leader"), canMount: true));
        Assert.Equal(new ClusterPlan(false, false, false, true, false), ClusterPlan.Of(ScenarioArgument.Load("asymmetric-partition"), canMount: true));
        Assert.Equal(new ClusterPlan(false, false, false, false, true), ClusterPlan.Of(ScenarioArgument.Load("dropped-replies"), canMount: true));
        Assert.Equal(new ClusterPlan(true, true, false, false, false), ClusterPlan.Of(ScenarioArgument.Load("lying-disk"), canMount: true));
        Assert.Equal(new ClusterPlan(false, false, true, false, false), ClusterPlan.Of(ScenarioArgument.Load("full-disk"), canMount: true));
        Assert.Equal(new ClusterPlan(true, false, false, false, false), ClusterPlan.Of(ScenarioArgument.Load("full-disk"), canMount: false));
    }
}
