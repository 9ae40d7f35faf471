using ControlPlane.Simulation.Checks;

namespace ControlPlane.Simulation.Tests;

/// <summary>Whole runs, shorter than those of the tool.</summary>
public sealed class SeedTests
{
    private const int Seconds = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(51)]
    [InlineData(101)]
    public void Fifty_seeds_are_safe_and_live(int from)
    {
        for (var seed = (ulong)from; seed < (ulong)from + 50; seed++)
        {
            var result = Simulator.Run(Short(seed));
            Assert.True(result.Verdict == SimulationVerdict.Passed, $"seed {seed}: {result.Violation}");
            Assert.True(result.Operations > 0, $"seed {seed}: somebody did something");
        }
    }

    [Fact]
    public void A_plan_has_one_run()
    {
        for (var seed = 200UL; seed < 205; seed++)
        {
            Assert.Equal(Simulator.Run(Short(seed)).Fingerprint, Simulator.Run(Short(seed)).Fingerprint);
        }
    }

    [Fact]
    public void What_happened_happens_again_from_the_list_of_faults_alone()
    {
        for (var seed = 210UL; seed < 215; seed++)
        {
            var first = Simulator.Run(Short(seed));
            var again = Simulator.Run(first.Plan with { Faults = first.Faults });
            Assert.Equal(first.Faults, again.Faults);
            Assert.Equal(first.Operations, again.Operations);
            Assert.Equal(first.Entries, again.Entries);
        }
    }

    [Fact]
    public void A_fault_taken_away_changes_nothing_that_came_before_it()
    {
        var whole = Simulator.Run(Short(220));
        var gone = whole.Faults[^1];
        var one = LinesBefore(whole.Plan with { Faults = whole.Faults }, gone.At);
        var other = LinesBefore(whole.Plan with { Faults = [.. whole.Faults.SkipLast(1)] }, gone.At);
        Assert.NotEmpty(one);
        Assert.Equal(one, other);
    }

    [Fact]
    public void A_run_tells_what_it_came_to()
    {
        var result = Simulator.Run(Short(2));
        Assert.Contains("a reign was led", result.Coverage.Hits.Keys);
        Assert.True(result.Duration >= Seconds * 1_000_000_000L, "it ran to its end");
    }

    [Fact]
    public void The_hash_of_a_run_depends_on_every_event_and_on_their_order()
    {
        var (one, other) = (new DeterminismGuard(), new DeterminismGuard());
        one.Fold(1, Happening.Started, 0, 5);
        one.Fold(2, Happening.Ended, 0, 6);
        other.Fold(2, Happening.Ended, 0, 6);
        other.Fold(1, Happening.Started, 0, 5);
        Assert.NotEqual(one.Hash, other.Hash);
    }

    internal static SimulationPlan Short(ulong seed)
    {
        var plan = SimulationPlan.Of(seed);
        return plan with { Knobs = plan.Knobs with { Seconds = Seconds } };
    }

    private static List<string> LinesBefore(SimulationPlan plan, long at)
    {
        var lines = new List<string>();
        Simulator.Run(plan, line =>
        {
            if (decimal.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000m < at - 1_000)
            {
                lines.Add(line);
            }
        });
        return lines;
    }
}
