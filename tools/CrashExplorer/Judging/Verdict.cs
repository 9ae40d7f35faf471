namespace ControlPlane.CrashExplorer.Judging;

/// <summary>What an image may come from, and so what may be asked of a start from it.</summary>
internal enum Expectation
{
    /// <summary>A kill or a power cut of a disk that keeps its word: the start must succeed, whole, with everything that was told.</summary>
    Recovers,

    /// <summary>Something beyond what a disk may do: whatever was told must be there, or the start says loudly that it is not.</summary>
    RecoversOrRefuses,
}

/// <summary>How an opening ended.</summary>
internal enum Outcome
{
    /// <summary>Open and whole, with everything that was told.</summary>
    Recovered,

    /// <summary>Open among several, and known not to be whole: the others bring the rest.</summary>
    Repaired,

    /// <summary>Not opened, and it says why and where.</summary>
    Refused,

    /// <summary>Nobody can tell: a disk that keeps its word could have left the same bytes at an earlier moment, before more was told.</summary>
    Undecidable,

    /// <summary>
    /// The known limit: a power cut took the newest note of what was acknowledged, and the disk has lost, besides, synced bytes of the last
    /// entries; nothing that is left says that they were acknowledged, and the start takes them for a torn write.
    /// </summary>
    Unproven,

    /// <summary>A bug.</summary>
    Violation,
}

/// <summary>A judgement of one opening.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Why">Of a violation: the sentence.</param>
internal sealed record Verdict(Outcome Outcome, string? Why = null)
{
    /// <summary>All that is wrong is that the last entries are missing.</summary>
    public bool IsLossOfTheLast { get; init; }

    public static Verdict Violation(string why) => new(Outcome.Violation, why);
}
