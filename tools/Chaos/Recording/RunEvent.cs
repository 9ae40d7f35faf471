namespace ControlPlane.Chaos.Recording;

/// <summary>What an event is about.</summary>
internal enum EventKind
{
    /// <summary>A part of the run begins.</summary>
    Phase,

    /// <summary>A fault strikes, or ends.</summary>
    Fault,

    /// <summary>What a node says of itself.</summary>
    Status,

    /// <summary>A process starts or ends.</summary>
    Process,

    /// <summary>The plane gave a sandbox up, so that its leases have ended without their holders.</summary>
    SandboxEnded,

    /// <summary>After healing: how long the first allocation took.</summary>
    Recovered,

    /// <summary>An entry of the journal for general use, read in the end.</summary>
    Entry,

    /// <summary>What a replica holds in the end.</summary>
    Replica,
}

/// <summary>Something that happened, a line of <c>events.jsonl</c>. Fields that do not belong to its kind are null.</summary>
internal sealed record RunEvent
{
    public EventKind Kind { get; init; }

    /// <summary>Microseconds on the run's clock.</summary>
    public long At { get; init; }

    /// <summary>Phase: which. Fault: its kind. Process: <c>started</c> or <c>ended</c>. Recovered: what.</summary>
    public string? What { get; init; }

    /// <summary>Fault: its number in the run; the same at its begin and its end.</summary>
    public int? Fault { get; init; }

    /// <summary>Fault: true when it ends.</summary>
    public bool? Over { get; init; }

    /// <summary>Fault: whom it hit, by name.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>In words.</summary>
    public string? Detail { get; init; }

    /// <summary>Status, process, replica: which.</summary>
    public string? Node { get; init; }

    public uint? Partition { get; init; }

    public string? Role { get; init; }

    public ulong? Epoch { get; init; }

    public ulong? Committed { get; init; }

    /// <summary>Status, replica: the hash of the state.</summary>
    public string? StateHash { get; init; }

    /// <summary>Replica: which journal.</summary>
    public string? Journal { get; init; }

    /// <summary>Replica: the chain hash of the entry at <see cref="Position"/>.</summary>
    public string? ChainHash { get; init; }

    /// <summary>Entry, replica, sandbox ended: where in the journal.</summary>
    public ulong? Position { get; init; }

    /// <summary>Process: its exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Process: nobody made it end. Recovered: it did not.</summary>
    public bool? Unexpected { get; init; }

    /// <summary>Recovered: how long it took, in milliseconds.</summary>
    public long? Millis { get; init; }

    /// <summary>Sandbox ended: which.</summary>
    public string? Sandbox { get; init; }
}
