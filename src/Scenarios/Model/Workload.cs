namespace ControlPlane.Scenarios;

/// <summary>How clients send.</summary>
public enum LoopKind
{
    /// <summary>Each client sends when it has been answered: slow answers make less load.</summary>
    Closed,

    /// <summary>Rounds begin at a fixed rate whatever becomes of the ones before, as far as there are clients free.</summary>
    Open,
}

/// <summary>
/// What clients do all the time. A round is: allocate; perhaps invoke, renew, look up; hold for a while; release. Beside it a client perhaps appends
/// to a journal for general use.
/// </summary>
public sealed record Workload
{
    /// <summary>Clients at once, dealt out to the tenants.</summary>
    public long Clients { get; init; } = 16;

    /// <summary>Tenants.</summary>
    public long Tenants { get; init; } = 2;

    /// <summary>Functions, each of which any tenant may ask for.</summary>
    public long Functions { get; init; } = 2;

    /// <summary>How clients send.</summary>
    public LoopKind Loop { get; init; } = LoopKind.Closed;

    /// <summary>With an open loop: rounds a second, of all clients together.</summary>
    public double RatePerSecond { get; init; } = 200;

    /// <summary>How long a lease is held before it is given back.</summary>
    public TimeSpan Hold { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Time to live of a lease.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a client waits for one answer before it calls the outcome unknown.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of an appended entry.</summary>
    public long AppendBytes { get; init; } = 200;

    /// <summary>What a round has besides allocation.</summary>
    public WorkloadMix Mix { get; init; } = new();
}

/// <summary>Shares of the rounds, 0 to 1.</summary>
public sealed record WorkloadMix
{
    /// <summary>Invoke once through the worker's gate.</summary>
    public double Invoke { get; init; } = 0.1;

    /// <summary>Extend the lease.</summary>
    public double Renew { get; init; } = 0.1;

    /// <summary>Ask what became of the request, by its id.</summary>
    public double Lookup { get; init; } = 0.02;

    /// <summary>Give the lease back; the others end by their time to live.</summary>
    public double Release { get; init; } = 1;

    /// <summary>Append an entry to a journal for general use.</summary>
    public double Append { get; init; } = 0.2;
}
