namespace ControlPlane.Verification.Linearizability;

/// <summary>Tells a search when the caller's patience is over. Asking costs nothing most of the time.</summary>
internal sealed class SearchClock(SearchLimits limits, TimeProvider time, CancellationToken cancellation)
{
    /// <summary>A step takes well under a microsecond: some milliseconds between two looks at the clock.</summary>
    private const long StepsBetweenLooks = 4096;

    private readonly long _started = time.GetTimestamp();

    /// <summary>The bound that has been reached after that many steps on one part, or none.</summary>
    public SearchBound After(long steps)
    {
        if (steps >= limits.StepsMax)
        {
            return SearchBound.Steps;
        }

        if (steps % StepsBetweenLooks != 0)
        {
            return SearchBound.None;
        }

        return cancellation.IsCancellationRequested ? SearchBound.Cancelled
            : time.GetElapsedTime(_started) >= limits.TimeMax ? SearchBound.Time
            : SearchBound.None;
    }
}
