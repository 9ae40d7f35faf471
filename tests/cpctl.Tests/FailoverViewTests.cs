namespace ControlPlane.Cpctl.Tests;

public sealed class FailoverViewTests
{
    private static readonly FailoverRound Good = new(OutageMs: 500, Resumed: true, WarmBefore: 1, WarmAfter: 1);

    [Fact]
    public void Percentiles_are_of_the_rounds()
    {
        var view = View([.. Enumerable.Range(1, 100).Select(n => Good with { OutageMs = n })]);

        Assert.Equal((50, 99, 100), (view.OutageP50Ms, view.OutageP99Ms, view.OutageMaxMs));
    }

    [Fact]
    public void One_round_is_every_percentile()
    {
        var view = View([Good]);

        Assert.Equal((500, 500, 500), (view.OutageP50Ms, view.OutageP99Ms, view.OutageMaxMs));
        Assert.True(view.Passed);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void Anything_lost_or_doubled_fails(int lost, int doubled) => Assert.False((View([Good]) with { Lost = lost, Doubled = doubled }).Passed);

    [Fact]
    public void A_round_after_which_nothing_was_allocated_fails() => Assert.False(View([Good, Good with { Resumed = false }]).Passed);

    [Fact]
    public void A_violation_fails_whatever_was_counted() => Assert.False((View([Good]) with { Violations = ["one"] }).Passed);

    [Theory]
    [InlineData("kill-leader")]
    [InlineData("kill-follower")]
    [InlineData("kill-two")]
    [InlineData("pause-leader")]
    [InlineData("one-way")]
    [InlineData("hand-over")]
    public void Each_fault_has_one_name(string name) => Assert.Equal(name, FaultNames.Of(FaultNames.Parse(name)));

    [Fact]
    public void An_unknown_fault_is_told_with_those_there_are() =>
        Assert.Contains("kill-leader", Assert.Throws<UsageException>(() => FaultNames.Parse("earthquake")).Remedy, StringComparison.Ordinal);

    private static FailoverView View(IReadOnlyList<FailoverRound> rounds) => new("kill-leader", 8, rounds, 1_000, 0, 0, []);
}
