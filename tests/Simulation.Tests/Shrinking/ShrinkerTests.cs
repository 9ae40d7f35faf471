using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Shrinking;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Tests.Shrinking;

/// <summary>A bug is planted without touching production code: disks that lie about syncing, in a mode that demands that nothing is lost.</summary>
public sealed class ShrinkerTests
{
    [Fact]
    public void Disks_that_acknowledge_what_is_not_durable_are_found_out_and_the_story_is_made_short()
    {
        var failed = Simulator.Run(Planted());
        Assert.Equal(SimulationVerdict.Unsafe, failed.Verdict);

        var small = Shrinker.Shrink(failed, plan => Simulator.Run(plan), () => true);

        Assert.Equal(failed.Violation!.Check, small.Violation!.Check);
        Assert.Equal(2, small.Plan.Faults!.Count);
        Assert.All(small.Plan.Faults, fault => Assert.Equal(FaultKind.LostFlush, fault.Kind));
        Assert.Equal(1, small.Plan.Knobs.Clients);
    }

    [Fact]
    public void A_reproduction_survives_its_file_and_fails_in_the_same_way()
    {
        var failed = Simulator.Run(Planted());

        var read = Reproduction.Parse(Reproduction.Of(failed).ToJson());

        var again = Simulator.Run(read.Plan);
        Assert.Equal(read.Check, again.Violation?.Check);
        Assert.Equal(read.Sentence, again.Violation?.Sentence);
        Assert.Contains(failed.Violation!.Sentence, read.Story, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_failing_part_of_a_list_is_found()
    {
        var tries = 0;
        var left = DeltaDebugging.Minimise(Enumerable.Range(0, 64).ToList(), part =>
        {
            tries++;
            return part.Contains(7) && part.Contains(41);
        });

        Assert.Equal([7, 41], left);
        Assert.True(tries < 200, "by halves, not one by one");
    }

    private static SimulationPlan Planted()
    {
        var plan = SeedTests.Short(1);
        var knobs = new SimulationKnobs { Workload = Workload.Journal, Clients = 4, Seconds = 20 };
        List<Fault> faults = [new(4 * Durations.Second, FaultKind.LostFlush, 0, Duration: 15 * Durations.Second), new(5 * Durations.Second, FaultKind.LostFlush, 1, Duration: 15 * Durations.Second)];
        for (var i = 0; i < 8; i++)
        {
            faults.Add(new Fault((3 + i) * Durations.Second, FaultKind.Delay, i % 3, (i + 1) % 3, Durations.Second, 5_000));
        }

        return plan with { Knobs = knobs, Faults = [.. faults.OrderBy(fault => fault.At)] };
    }
}
