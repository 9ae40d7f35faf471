namespace ControlPlane.WorkerManager;

/// <summary>Where a sandbox stands. Numbers are in snapshots: never reuse one.</summary>
public enum SandboxStanding : byte
{
    /// <summary>Boots, leased by nobody.</summary>
    Starting = 0,

    /// <summary>Booted, leased by nobody: may be granted.</summary>
    Free = 1,

    /// <summary>Held by exactly one lease (booted or, if reserved, not yet).</summary>
    Leased = 2,

    /// <summary>Its lease ended without the holder's word; not granted until its gate has acknowledged the fence floor.</summary>
    Releasing = 3,

    /// <summary>Given up; its slot counts until its end is verified.</summary>
    Retired = 4,

    /// <summary>Worker and plane disagree about it; kept and not used.</summary>
    Quarantined = 5,
}
