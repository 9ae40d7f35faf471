using ControlPlane.Primitives;

namespace ControlPlane.Runtime;

/// <summary>
/// Journal time for a writer: the wall clock at start, carried on by the monotonic clock, and never before the journal's last
/// entry. A wall clock that jumps while the process runs moves nothing: neither back (which would freeze timers) nor ahead
/// (which would expire leases).
/// </summary>
public sealed class JournalClock
{
    private readonly TimeProvider _time;
    private readonly JournalTime _start;
    private readonly long _startTimestamp;

    /// <summary>Starts at the wall clock's time, or at <paramref name="last"/> if that is later.</summary>
    public JournalClock(TimeProvider time, JournalTime last)
    {
        _time = time;
        _start = JournalTime.Max(JournalTime.FromDateTimeOffset(time.GetUtcNow()), last);
        _startTimestamp = time.GetTimestamp();
    }

    /// <summary>The time now. Any thread.</summary>
    public JournalTime Now => _start.Plus(_time.GetElapsedTime(_startTimestamp));
}
