namespace ControlPlane.Scenarios;

/// <summary>After the last fault everything is made good: what is down is started, every link is whole, every clock runs.</summary>
public sealed record Healing
{
    /// <summary>How long the plane may take until every node follows, whole, with the same state.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long clients go on after that.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>What is looked at in the end.</summary>
public enum CheckName
{
    /// <summary>No double lease, no token given twice or out of order, retries answered the same, no acknowledgement lost, gates in order.</summary>
    Leases,

    /// <summary>Each acknowledged append is in the journal where it was said to be, once; nothing is there that nobody sent.</summary>
    Journal,

    /// <summary>All replicas hold the same committed journal and the same state.</summary>
    Replicas,

    /// <summary>When healed the plane converges, and allocates within the bound.</summary>
    Liveness,
}

/// <summary>What a run must reach to say anything, and what ends it.</summary>
public sealed record Bounds
{
    /// <summary>After healing, an allocation must succeed within this time.</summary>
    public TimeSpan AllocateWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Fewer acknowledged operations prove nothing.</summary>
    public long OperationsMin { get; init; } = 100;

    /// <summary>Fewer faults prove nothing.</summary>
    public long FaultsMin { get; init; } = 1;

    /// <summary>Operations that are recorded at most; clients stop there.</summary>
    public long OperationsMax { get; init; } = 5_000_000;

    /// <summary>The longest time in which nobody at all may be answered while faults are struck; null: any.</summary>
    public TimeSpan? OutageMax { get; init; }
}
