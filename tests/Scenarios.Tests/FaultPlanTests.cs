namespace ControlPlane.Scenarios.Tests;

/// <summary>When faults strike is known before a run, and what is drawn for one does not depend on the others.</summary>
public sealed class FaultPlanTests
{
    private static readonly Fault Often = new() { Kind = FaultKind.Kill, Between = new TimeRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)) };
    private static readonly Fault Once = new() { Kind = FaultKind.Pause, At = TimeSpan.FromSeconds(4) };
    private static readonly Fault Regular = new() { Kind = FaultKind.Isolate, Every = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Faults_strike_within_the_duration_in_order_of_time()
    {
        var plan = Plan(7, Often, Once, Regular);
        Assert.Equal(plan.OrderBy(planned => planned.At), plan);
        Assert.All(plan, planned => Assert.True(planned.At < TimeSpan.FromSeconds(30)));
        Assert.Equal([TimeSpan.FromSeconds(4)], TimesOf(plan, Once));
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], TimesOf(plan, Regular));
        Assert.InRange(TimesOf(plan, Often).Count, 10, 29);
    }

    [Fact]
    public void The_same_seed_gives_the_same_plan_and_another_seed_another()
    {
        Assert.Equal(Plan(7, Often), Plan(7, Often));
        Assert.NotEqual(TimesOf(Plan(7, Often), Often), TimesOf(Plan(8, Often), Often));
    }

    [Fact]
    public void Taking_a_later_fault_out_leaves_the_others_as_they_are() =>
        Assert.Equal(TimesOf(Plan(7, Often, Once, Regular), Often), TimesOf(Plan(7, Often), Often));

    [Fact]
    public void A_fault_strikes_at_most_so_often() => Assert.Equal(2, Plan(7, Often with { Times = 2 }).Count);

    [Fact]
    public void Draws_are_even_and_depend_on_their_name()
    {
        var draws = Enumerable.Range(0, 30_000).Select(counter => Draws.Below(3, 42, "target", counter)).CountBy(value => value).ToDictionary();
        Assert.All(draws.Values, count => Assert.InRange(count, 9_600, 10_400));
        Assert.NotEqual(Draws.Bits(42, "one", 0), Draws.Bits(42, "other", 0));
        Assert.NotEqual(Draws.Bits(42, "one", 0), Draws.Bits(42, "one", 1));
        Assert.Equal(Draws.Bits(42, "one", 0), Draws.Bits(42, "one", 0));
    }

    [Fact]
    public void A_draw_is_the_same_on_every_machine_and_for_ever() =>
        Assert.Equal(
            new ulong[] { 5_759_686_384_879_034_268, 10_811_268_449_250_434_493, 13_692_958_178_237_826_091 },
            new[] { Draws.Bits(1, "fault-0/gap", 0), Draws.Bits(1, "fault-0/gap", 1), Draws.Bits(-1, "", 0) });

    [Theory]
    [InlineData("500ms", 500_000)]
    [InlineData("1.5s", 1_500_000)]
    [InlineData("2m", 120_000_000)]
    [InlineData("-1h", -3_600_000_000)]
    [InlineData("20us", 20)]
    public void Times_are_read_and_written(string text, long microseconds)
    {
        Assert.True(TimeText.TryRead(text, out var time));
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), time);
        Assert.True(TimeText.TryRead(TimeText.Of(time), out var again));
        Assert.Equal(time, again);
    }

    private static IReadOnlyList<PlannedFault> Plan(long seed, params Fault[] faults) => FaultPlan.Of(new Scenario { Seed = seed, Faults = faults });

    private static List<TimeSpan> TimesOf(IReadOnlyList<PlannedFault> plan, Fault fault) => [.. plan.Where(planned => planned.Fault == fault).Select(planned => planned.At)];
}
