namespace ControlPlane.Verification.Linearizability;

/// <summary>How much a search may cost. Deciding linearizability is NP-complete (Gibbons and Korach, 1997), so every search has an end by force.</summary>
public sealed record SearchLimits
{
    /// <summary>A minute, ten million steps and a million memos for each part: some hundred megabytes.</summary>
    public static SearchLimits Default { get; } = new();

    /// <summary>How many calls the model may be asked to perform, for each part of the object.</summary>
    public long StepsMax { get; init; } = 10_000_000;

    /// <summary>
    /// How many pairs of placed operations and state are remembered at a time, for each part. One takes some 60 bytes, one more for
    /// each eight operations that are open around it or pending for ever, and the state.
    /// </summary>
    public int MemoEntriesMax { get; init; } = 1_000_000;

    /// <summary>How long all parts together may take, by the time provider that the search is given; it is read every few thousand steps.</summary>
    public TimeSpan TimeMax { get; init; } = TimeSpan.FromMinutes(1);
}
