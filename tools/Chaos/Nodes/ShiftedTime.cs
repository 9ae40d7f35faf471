using System.Collections.Concurrent;

namespace ControlPlane.Chaos.Nodes;

/// <summary>
/// The system's time, wrong on purpose: a wall clock that jumps (the monotonic clock does not, as on a real machine), and a rate at which both run,
/// down to standing still. Timers go by it: a change of the rate moves what they still have to wait. Any thread.
/// </summary>
internal sealed class ShiftedTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<ShiftedTimer, bool> _timers = new();
    private readonly DateTimeOffset _wallAtStart = System.GetUtcNow();
    private readonly long _startedAt = System.GetTimestamp();
    private TimeSpan _jumped;
    private TimeSpan _shownAtChange;
    private TimeSpan _realAtChange;
    private double _rate = 1;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

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

    /// <summary>All clocks run at <paramref name="rate"/> from now on; 0: they stand still, and no timer fires.</summary>
    public void Run(double rate)
    {
        lock (_lock)
        {
            var real = Real;
            (_shownAtChange, _realAtChange, _rate) = (_shownAtChange + ((real - _realAtChange) * _rate), real, rate);
        }

        foreach (var timer in _timers.Keys)
        {
            timer.Arm();
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
    public override long GetTimestamp() => Shown.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ShiftedTimer(this, callback, state);
        _timers[timer] = true;
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How long it really takes until this clock shows <paramref name="due"/>.</summary>
    private TimeSpan RealUntil(TimeSpan due)
    {
        lock (_lock)
        {
            var left = due - (_shownAtChange + ((Real - _realAtChange) * _rate));
            return _rate == 0 ? Timeout.InfiniteTimeSpan
                : left <= TimeSpan.Zero ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(Math.Ceiling((left / _rate).TotalMilliseconds));
        }
    }

    private sealed class ShiftedTimer : ITimer
    {
        private readonly Lock _lock = new();
        private readonly ShiftedTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private TimeSpan? _due;
        private TimeSpan _period;

        public ShiftedTimer(ShiftedTime time, TimerCallback callback, object? state)
        {
            (_time, _callback, _state) = (time, callback, state);
            _timer = System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_lock)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _time.Shown + dueTime;
                _period = period;
                return Arm();
            }
        }

        /// <summary>Waits for what is left, at the present rate.</summary>
        public bool Arm()
        {
            lock (_lock)
            {
                return _timer.Change(_due is { } due ? _time.RealUntil(due) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            _time._timers.TryRemove(this, out _);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _time._timers.TryRemove(this, out _);
            return _timer.DisposeAsync();
        }

        private void Fire()
        {
            lock (_lock)
            {
                if (_due is not { } due || _time.Shown < due)
                {
                    Arm();
                    return;
                }

                _due = _period > TimeSpan.Zero ? _time.Shown + _period : null;
                Arm();
            }

            _callback(_state);
        }
    }
}
