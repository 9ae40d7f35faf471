namespace ControlPlane.Client;

/// <summary>
/// How often and how fast a call is tried again. Bounded three ways: by the call's deadline, by
/// <see cref="AttemptsMax"/>, and each wait by <see cref="BackoffMax"/>.
/// </summary>
public sealed record RetryPolicy
{
    /// <summary>Attempts in all; at least 1.</summary>
    public int AttemptsMax { get; init; } = 100;

    /// <summary>The longest first wait.</summary>
    public TimeSpan BackoffFirst { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The wait after the <paramref name="attempt"/>-th attempt: doubled each time up to <see cref="BackoffMax"/>, then scaled
    /// to between a half and the whole by <paramref name="jitter"/> (0 to 1), so that clients that failed together do not
    /// come back together.
    /// </summary>
    public TimeSpan BackoffAfter(int attempt, double jitter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var doubled = BackoffFirst * Math.Pow(2, Math.Min(attempt - 1, 30));
        var longest = doubled < BackoffMax ? doubled : BackoffMax;
        return longest * (0.5 + (0.5 * jitter));
    }
}
