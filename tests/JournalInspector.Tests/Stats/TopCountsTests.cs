using ControlPlane.JournalInspector.Stats;

namespace ControlPlane.JournalInspector.Tests.Stats;

public sealed class TopCountsTests
{
    [Fact]
    public void The_busiest_come_first_and_the_rest_is_one()
    {
        var counts = new TopCounts(namesMax: 10);
        foreach (var name in new[] { "b", "a", "c", "c", "d", "b", "c" })
        {
            counts.Add(name, 10);
        }

        Assert.Equal([new StatsCount("c", 3, 30), new StatsCount("b", 2, 20), new StatsCount(TopCounts.Others, 2, 20)], counts.Top(2));
    }

    [Fact]
    public void Names_beyond_the_bound_are_counted_together()
    {
        var counts = new TopCounts(namesMax: 2);
        foreach (var name in new[] { "a", "b", "c", "d", "a" })
        {
            counts.Add(name, 1);
        }

        Assert.Equal([new StatsCount("a", 2, 2), new StatsCount("b", 1, 1), new StatsCount(TopCounts.Others, 2, 2)], counts.Top(5));
    }
}
