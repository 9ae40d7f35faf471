namespace ControlPlane.Runtime.Registers;

/// <summary>How long a proposer of the <c>quorum</c> register waits for what. None of it bears on safety.</summary>
public sealed record QuorumRegisterOptions
{
    /// <summary>Messages without an answer are said again after this.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A round without an end is given up after this, and another begun.</summary>
    public TimeSpan RoundTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A call that has waited, queued or not, this long ends as unavailable.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait after the first lost duel; it doubles with each, and the wait is a random part of it.</summary>
    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The longest wait after any lost duel.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls that may wait for the one that runs; more end as unavailable at once.</summary>
    public int WaitingCallsMax { get; init; } = 256;
}
