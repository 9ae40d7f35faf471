namespace ControlPlane.Verification.Linearizability;

/// <summary>What ended a search before its verdict.</summary>
public enum SearchBound
{
    /// <summary>Nothing: the verdict is final.</summary>
    None,

    /// <summary><see cref="SearchLimits.StepsMax"/>.</summary>
    Steps,

    /// <summary><see cref="SearchLimits.MemoEntriesMax"/>, or the largest array that there can be.</summary>
    Memo,

    /// <summary><see cref="SearchLimits.TimeMax"/>.</summary>
    Time,

    /// <summary>The caller's cancellation.</summary>
    Cancelled,
}
