using System.Diagnostics;

namespace ControlPlane.Chaos.Recording;

/// <summary>The one clock of a run, in microseconds since the load began; before that it counts down to 0.</summary>
internal sealed class RunClock
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _origin;

    public long Now => (long)Stopwatch.GetElapsedTime(_start).TotalMicroseconds - Volatile.Read(ref _origin);

    /// <summary>From here on times are positive.</summary>
    public void Begin() => Volatile.Write(ref _origin, (long)Stopwatch.GetElapsedTime(_start).TotalMicroseconds);
}
