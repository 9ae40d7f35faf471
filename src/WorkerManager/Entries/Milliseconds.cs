namespace ControlPlane.WorkerManager;

/// <summary>Durations as entries carry them: whole milliseconds.</summary>
internal static class Milliseconds
{
    public static long Of(TimeSpan duration) => duration.Ticks / TimeSpan.TicksPerMillisecond;

    public static TimeSpan From(long milliseconds) => TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond);
}
