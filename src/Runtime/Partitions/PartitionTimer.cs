using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Wakes a partition when its core has something due. One timer; moved only when the due time changes.</summary>
internal sealed class PartitionTimer : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ITimer _timer;
    private JournalTime? _armedFor;

    public PartitionTimer(TimeProvider time, Action due) =>
        _timer = time.CreateTimer(_ => due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Loop only. A due time that has passed fires at once; one far away is looked at again within the hour.</summary>
    public void Arm(JournalTime? due, JournalTime now)
    {
        // Equal and still ahead: already armed. Equal and past: it has fired, or is about to, and its tick found nothing to do yet.
        if (due == _armedFor && (due is not { } same || same > now))
        {
            return;
        }

        _armedFor = due;
        var wait = due is not { } at ? Timeout.InfiniteTimeSpan
            : at <= now ? TimeSpan.Zero
            : at.Since(now) < LongestWait ? at.Since(now) + TimeSpan.FromMilliseconds(1)
            : LongestWait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
