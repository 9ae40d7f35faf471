namespace ControlPlane.Chaos.Nodes;

/// <summary>
/// The system's time, wrong on purpose: a wall clock that jumps (the monotonic clock does not, as on a real machine), and a rate at which both run,
/// down to standing still. Timers are set for as long as this clock needs at its present rate; one that was set before a change goes off when it
/// would have.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    // A clock that stands still would never fire a timer; who waits on one is kept waiting this much longer.
    private const double SlowestTimers = 0.05;

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _wallAtStart = System.GetUtcNow();
    private readonly long _startedAt = System.GetTimestamp();
    private TimeSpan _jumped;
    private TimeSpan _shownAtChange;
    private TimeSpan _realAtChange;
    private double _rate = 1;

    private TimeSpan Real => System.GetElapsedTime(_startedAt);

    private TimeSpan Shown
    {
        get
        {
            lock (_lock)
            {
                return _shownAtChange + ((Real - _realAtChange) * _rate);
            }
        }
    }

    /// <summary>The wall clock jumps.</summary>
    public void Jump(TimeSpan by)
    {
        lock (_lock)
        {
            _jumped += by;
        }
    }

    /// <summary>All clocks run at <paramref name="rate"/> from now on; 0: they stand still.</summary>
    public void Run(double rate)
    {
        lock (_lock)
        {
            var real = Real;
            (_shownAtChange, _realAtChange, _rate) = (_shownAtChange + ((real - _realAtChange) * _rate), real, rate);
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallAtStart + _jumped + _shownAtChange + ((Real - _realAtChange) * _rate);
        }
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Shown.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ShiftedTimer(this, callback, state, dueTime, period);

    private TimeSpan Stretched(TimeSpan time)
    {
        lock (_lock)
        {
            return _rate == 1 || time <= TimeSpan.Zero ? time : time / Math.Max(_rate, SlowestTimers);
        }
    }

    private sealed class ShiftedTimer(ShiftedTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        private readonly ITimer _timer = System.CreateTimer(callback, state, time.Stretched(dueTime), time.Stretched(period));

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(time.Stretched(dueTime), time.Stretched(period));

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
