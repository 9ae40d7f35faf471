namespace ControlPlane.Primitives.Tests.Journal;

public sealed class JournalTimeTests
{
    [Fact]
    public void A_wall_clock_instant_comes_back()
    {
        var instant = new DateTimeOffset(2026, 11, 23, 12, 34, 56, TimeSpan.Zero).AddTicks(1234567);
        Assert.Equal(instant, JournalTime.FromDateTimeOffset(instant).ToDateTimeOffset());
        Assert.Equal("2026-11-23T12:34:56.123456Z", JournalTime.FromDateTimeOffset(instant).ToString());
    }

    [Fact]
    public void Durations_add_and_subtract()
    {
        var start = new JournalTime(5_000);
        var later = start.Plus(TimeSpan.FromMilliseconds(2));
        Assert.Equal(2_005_000, later.Nanoseconds);
        Assert.Equal(TimeSpan.FromMilliseconds(2), later.Since(start));
        Assert.Equal(TimeSpan.FromMilliseconds(-2), start.Since(later));
        Assert.Equal(later, JournalTime.Max(start, later));
    }

    [Fact]
    public void A_time_out_of_range_is_an_error_not_a_wrap() =>
        Assert.Throws<OverflowException>(() => new JournalTime(long.MaxValue).Plus(TimeSpan.FromTicks(1)));
}
