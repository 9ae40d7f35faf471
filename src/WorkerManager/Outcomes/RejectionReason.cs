namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>Why something was refused. Names and numbers are those of the contract's ErrorReason; the shell maps them to codes in one table.</summary>
public enum RejectionReason
{
    /// <summary>Not a reason.</summary>
    None = 0,

    /// <summary>The tenant holds as many leases as it may. Metadata: current, max.</summary>
    TenantLimit = 1,

    /// <summary>The function, or the partition's unreserved pool, is used up. Metadata: current, max.</summary>
    FunctionLimit = 2,

    /// <summary>No free sandbox, and the caller would not wait. Metadata: starting.</summary>
    NoWarm = 3,

    /// <summary>No worker can take one more sandbox. Metadata: considered, filtered_*, retry_after_ms.</summary>
    NoCapacity = 4,

    /// <summary>A bounded queue or table is full. Metadata: what, max, retry_after_ms.</summary>
    Overloaded = 5,

    /// <summary>Another node leads. Metadata: leader, its address, empty if it is not known. Decided by the shell: a core that is asked leads.</summary>
    NotLeader = 10,

    /// <summary>The answer was lost; the same request id learns it.</summary>
    OutcomeUnknown = 11,

    /// <summary>The time to wait passed before anything was journaled.</summary>
    DeadlineBeforeAppend = 20,

    /// <summary>The request id was used with other parameters.</summary>
    RequestIdReused = 30,

    /// <summary>Not the token of the lease. Metadata: highest.</summary>
    StaleFence = 40,

    /// <summary>Released, expired or revoked. Metadata: ended.</summary>
    LeaseEnded = 41,

    /// <summary>Another incarnation of the worker is registered. Metadata: current.</summary>
    WrongIncarnation = 42,

    /// <summary>Never deployed, deleted, or not the newest version.</summary>
    UnknownFunction = 50,

    /// <summary>Never granted, forgotten, or another tenant's.</summary>
    UnknownLease = 51,

    /// <summary>Never journaled, or forgotten.</summary>
    UnknownRequest = 52,

    /// <summary>Never registered.</summary>
    UnknownWorker = 53,

    /// <summary>A value that cannot be served. Metadata: field.</summary>
    InvalidField = 60,
}
