using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>As many leases as asked for.</summary>
public sealed record Granted(IReadOnlyList<LeaseView> Leases) : Outcome;

/// <summary>One <see cref="Granted"/> or <see cref="Refused"/> for each request, in order.</summary>
public sealed record BatchAnswered(IReadOnlyList<Outcome> Outcomes) : Outcome;

/// <summary>One renewal's result: refused, or the new number and duration.</summary>
public readonly record struct RenewResult(Rejection? Rejection, uint RenewSequence, TimeSpan Ttl);

/// <summary>One result for each item, in order.</summary>
public sealed record RenewAnswered(IReadOnlyList<RenewResult> Results) : Outcome;

/// <summary>One release's result: refused, or released (<paramref name="Replayed"/> if by an earlier call).</summary>
public readonly record struct ReleaseResult(Rejection? Rejection, bool Replayed);

/// <summary>One result for each lease, in order.</summary>
public sealed record ReleaseAnswered(IReadOnlyList<ReleaseResult> Results) : Outcome;

/// <summary>What became of a request.</summary>
public enum RequestState
{
    /// <summary>All leases are held.</summary>
    Held = 1,

    /// <summary>Some have ended.</summary>
    PartlyEnded = 2,

    /// <summary>All have ended.</summary>
    Ended = 3,

    /// <summary>It waits for a sandbox; nothing is journaled.</summary>
    Waiting = 4,
}

/// <summary>A request's state and the leases that are still held.</summary>
public sealed record RequestFound(RequestState State, IReadOnlyList<LeaseView> Leases) : Outcome;

/// <summary>The request holds nothing.</summary>
/// <param name="Ended">Leases that this call ended.</param>
/// <param name="WasWaiting">True if it waited and is now dropped.</param>
public sealed record RequestCancelled(int Ended, bool WasWaiting) : Outcome;

/// <summary>What an allocation would do.</summary>
public enum ExplainVerdict
{
    /// <summary>A free sandbox would be leased.</summary>
    Warm = 1,

    /// <summary>A sandbox would be started.</summary>
    Cold = 2,

    /// <summary>It would wait or be refused for want of a sandbox.</summary>
    None = 3,

    /// <summary>Refused before any sandbox is looked at.</summary>
    Refused = 4,
}

/// <summary>How many candidates a filter removed.</summary>
public readonly record struct FilterCount(string Name, int Removed);

/// <summary>A worker that was compared; lower is better.</summary>
public sealed record CandidateScore(WorkerName Worker, double Score, IReadOnlyList<KeyValuePair<string, double>> Terms);

/// <summary>The dry run's account.</summary>
public sealed record Explained : Outcome
{
    /// <summary>The position at which it is true.</summary>
    public required SequenceNumber Position { get; init; }

    /// <summary>What would happen.</summary>
    public required ExplainVerdict Verdict { get; init; }

    /// <summary>Set if refused, or if it would be refused for want of a sandbox without waiting.</summary>
    public Rejection? Refusal { get; init; }

    /// <summary>The free sandbox that would be leased.</summary>
    public SandboxId? Sandbox { get; init; }

    /// <summary>The worker that would host it.</summary>
    public WorkerName? Worker { get; init; }

    /// <summary>Sandboxes of the function version that were looked at.</summary>
    public int SandboxesConsidered { get; init; }

    /// <summary>What removed sandboxes.</summary>
    public IReadOnlyList<FilterCount> SandboxFilters { get; init; } = [];

    /// <summary>Workers looked at for a new sandbox.</summary>
    public int WorkersConsidered { get; init; }

    /// <summary>What removed workers.</summary>
    public IReadOnlyList<FilterCount> WorkerFilters { get; init; } = [];

    /// <summary>The workers that were compared, best first.</summary>
    public IReadOnlyList<CandidateScore> Candidates { get; init; } = [];
}
