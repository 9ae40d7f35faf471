using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Wakes a partition when its core has something due. One timer; moved only when the due time changes.</summary>
internal sealed class PartitionTimer : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ITimer _timer;
    private JournalTime? _armedFor;
    private volatile bool _fired;

    public PartitionTimer(TimeProvider time, Action due) =>
        _timer = time.CreateTimer(
            _ =>
            {
                _fired = true;
                due();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);

    /// <summary>Loop only. A due time that has passed fires at once; one far away is looked at again within the hour.</summary>
    public void Arm(JournalTime? due, JournalTime now)
    {
        // A timer that has fired is not armed any more, even for the same time: the system's timers go by a coarse clock and may fire some
        // milliseconds early, when nothing is due yet. Trusting it to be armed, an idle partition would sleep through what it waits for.
        if (due == _armedFor && !_fired)
        {
            return;
        }

        _armedFor = due;
        _fired = false;
        var wait = due is not { } at ? Timeout.InfiniteTimeSpan
            : at <= now ? TimeSpan.Zero
            : at.Since(now) < LongestWait ? at.Since(now) + TimeSpan.FromMilliseconds(1)
            : LongestWait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
