using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;

namespace ControlPlane.Runtime.Tests.Partitions;

public sealed class PartitionTimerTests : IDisposable
{
    private static readonly JournalTime Start = JournalTime.FromDateTimeOffset(DateTimeOffset.UnixEpoch.AddYears(50));
    private static readonly JournalTime Due = Start.Plus(TimeSpan.FromSeconds(20));

    private readonly HandTimer _hand = new();
    private int _ticks;

    public void Dispose() => _hand.Dispose();

    [Fact]
    public void It_is_armed_once_for_the_same_time()
    {
        using var timer = NewTimer();
        timer.Arm(Due, Start);
        timer.Arm(Due, Start.Plus(TimeSpan.FromSeconds(1)));
        Assert.Equal([TimeSpan.FromMilliseconds(20_001)], _hand.Waits);
    }

    [Fact]
    public void A_timer_that_fires_too_early_is_armed_again_for_what_is_left()
    {
        using var timer = NewTimer();
        timer.Arm(Due, Start);
        _hand.Fire();
        timer.Arm(Due, Start.Plus(TimeSpan.FromMilliseconds(19_997)));
        Assert.Equal(1, _ticks);
        Assert.Equal([TimeSpan.FromMilliseconds(20_001), TimeSpan.FromMilliseconds(4)], _hand.Waits);
    }

    [Fact]
    public void What_is_overdue_and_was_not_done_by_its_tick_fires_at_once_again()
    {
        using var timer = NewTimer();
        timer.Arm(Due, Start);
        _hand.Fire();
        timer.Arm(Due, Due.Plus(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, _hand.Waits[^1]);
    }

    [Fact]
    public void With_nothing_due_it_rests()
    {
        using var timer = NewTimer();
        timer.Arm(Due, Start);
        timer.Arm(null, Start);
        Assert.Equal(Timeout.InfiniteTimeSpan, _hand.Waits[^1]);
    }

    private PartitionTimer NewTimer() => new(_hand, () => _ticks++);

    /// <summary>One timer that fires when the test says so.</summary>
    private sealed class HandTimer : TimeProvider, ITimer
    {
        private Action _callback = () => { };

        public List<TimeSpan> Waits { get; } = [];

        public void Fire() => _callback();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _callback = () => callback(state);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
