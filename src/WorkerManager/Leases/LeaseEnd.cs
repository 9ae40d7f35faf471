namespace ControlPlane.WorkerManager;

/// <summary>How a lease ended. Numbers are in snapshots: never reuse one.</summary>
public enum LeaseEnd : byte
{
    /// <summary>It has not: it is held.</summary>
    None = 0,

    /// <summary>Its time ran out.</summary>
    Ttl = 1,

    /// <summary>Nobody confirmed it in time.</summary>
    Unconfirmed = 2,

    /// <summary>Its worker's drain deadline passed.</summary>
    Drained = 3,

    /// <summary>Its caller cancelled it or went away.</summary>
    Cancelled = 4,

    /// <summary>Its holder gave it back.</summary>
    Released = 5,

    /// <summary>Its sandbox died.</summary>
    SandboxDied = 6,

    /// <summary>Its worker was silent for too long.</summary>
    WorkerLost = 7,

    /// <summary>Worker and plane disagreed about its sandbox.</summary>
    Quarantined = 8,
}
