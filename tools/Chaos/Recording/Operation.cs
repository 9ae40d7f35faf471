using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Recording;

/// <summary>What a client called.</summary>
internal enum OperationKind
{
    Allocate,
    Renew,
    Release,
    Invoke,
    Lookup,
    Append,
    List,
}

/// <summary>One call of one client, a line of <c>history.jsonl</c>. Fields that do not belong to its kind are null.</summary>
internal sealed record Operation
{
    public OperationKind Kind { get; init; }

    /// <summary>Microseconds on the run's clock: before anything was sent.</summary>
    public long From { get; init; }

    /// <summary>After the answer, or when it was given up.</summary>
    public long To { get; init; }

    public OperationOutcome Outcome { get; init; }

    /// <summary>Who.</summary>
    public int Client { get; init; }

    public string? Tenant { get; init; }

    /// <summary>Why it was not answered with success.</summary>
    public string? Reason { get; init; }

    /// <summary>Allocate, lookup: the caller's id.</summary>
    public string? Request { get; init; }

    /// <summary>Allocate, lookup: what was granted. List: everything that is held.</summary>
    public IReadOnlyList<LeaseRecord>? Leases { get; init; }

    /// <summary>Allocate: an earlier attempt had been granted them.</summary>
    public bool? Replayed { get; init; }

    /// <summary>Allocate: the sandbox was there already.</summary>
    public bool? Warm { get; init; }

    /// <summary>Renew, release: which lease.</summary>
    public string? Lease { get; init; }

    /// <summary>Renew: the time to live that was asked for, in milliseconds.</summary>
    public long? TtlMs { get; init; }

    /// <summary>Invoke: where.</summary>
    public string? Sandbox { get; init; }

    /// <summary>Invoke: the token that was shown.</summary>
    public string? Token { get; init; }

    /// <summary>Append: what was appended; unique in the run.</summary>
    public string? Entry { get; init; }

    /// <summary>Append: where it is, as the answer says.</summary>
    public ulong? Position { get; init; }
}

/// <summary>A lease as its holder was told of it.</summary>
internal sealed record LeaseRecord(string Lease, string Sandbox, string Token, long TtlMs);
