namespace ControlPlane.Scenarios;

/// <summary>What can be struck. What each means, whom it may hit and which fields it reads is in <see cref="FaultRules"/>.</summary>
public enum FaultKind
{
#pragma warning disable CS1591 // The table says what each is.
    Kill,
    KillAtPoint,
    Pause,
    RestartStorm,
    Isolate,
    Halves,
    Bridge,
    Ring,
    OneWay,
    Flapping,
    Delay,
    Loss,
    Reset,
    SlowLink,
    DroppedReplies,
    ClockJump,
    ClockDrift,
    ClockFreeze,
    DiskEio,
    DiskEnospc,
    DiskTorn,
    DiskBitrot,
    DiskMisdirect,
    DiskStall,
    DiskLostFlush,
    DiskStaleImage,
    DiskSwap,
    DiskWipe,
    RollingUpgrade,
    LeaderTransfer,
    WorkerLoss,
    LoadSpike,
    TenantFlood,
#pragma warning restore CS1591
}

/// <summary>Moments in a node's work with its disk at which it can be killed.</summary>
public enum KillPoint
{
    /// <summary>Before bytes of a journal are written.</summary>
    BeforeWrite,

    /// <summary>With half of the bytes written.</summary>
    MidWrite,

    /// <summary>Written and not synced.</summary>
    BeforeSync,

    /// <summary>Synced, and nobody has been told.</summary>
    AfterSync,

    /// <summary>Before a file gets its final name: a snapshot, a segment.</summary>
    BeforeRename,
}

/// <summary>Which half of what is said is meant.</summary>
public enum LinkDirection
{
    /// <summary>What the target sends.</summary>
    From,

    /// <summary>What is sent to the target.</summary>
    To,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>Which connections are meant.</summary>
public enum LinkScope
{
    /// <summary>Those between nodes.</summary>
    Peers,

    /// <summary>Those of clients and workers with nodes.</summary>
    Clients,

    /// <summary>All of them.</summary>
    All,
}
