namespace ControlPlane.Simulation.Faults;

/// <summary>What can go wrong. What target, other, duration and amount mean for each stands in the project's README.</summary>
public enum FaultKind
{
    /// <summary>The node's process is killed; what was written but not synced may be there or not.</summary>
    Kill,

    /// <summary>The process is killed before the storage call that comes after as many more as the amount says.</summary>
    KillAtStorageCall,

    /// <summary>The power fails: writes that were not synced are kept, torn or lost, in any order.</summary>
    PowerCut,

    /// <summary>The power of all nodes fails at once.</summary>
    PowerCutOfAll,

    /// <summary>The process is killed again and again, as often as the amount says.</summary>
    RestartStorm,

    /// <summary>Every node is restarted in turn.</summary>
    RollingRestart,

    /// <summary>The process stands still, its messages queue, and it goes on.</summary>
    Freeze,

    /// <summary>The reign is handed over.</summary>
    HandOver,

    /// <summary>The disk is lost; the node comes back empty, under a new identity, and is brought in again.</summary>
    Wipe,

    /// <summary>One node reaches nobody.</summary>
    Isolate,

    /// <summary>Two groups of nodes do not reach each other.</summary>
    Halves,

    /// <summary>Two groups are joined by one node only.</summary>
    Bridge,

    /// <summary>Each node reaches its neighbours only.</summary>
    Ring,

    /// <summary>One direction of one link carries nothing.</summary>
    OneWay,

    /// <summary>A link breaks and comes back, again and again.</summary>
    Flapping,

    /// <summary>A link's connection breaks with what is on its way, and is made again.</summary>
    Reset,

    /// <summary>A link carries nothing for a while, and then all that was held up.</summary>
    Clog,

    /// <summary>A link is slow; the amount is in microseconds.</summary>
    Delay,

    /// <summary>A link loses messages; the amount is in thousandths.</summary>
    Loss,

    /// <summary>A link repeats messages, some of them late; the amount is in thousandths.</summary>
    Duplication,

    /// <summary>On a link messages overtake one another; the amount is in thousandths.</summary>
    Reordering,

    /// <summary>What callers and a node say to each other gets lost; the amount is in thousandths.</summary>
    LostCalls,

    /// <summary>A storage call fails, after as many more as the amount says: the process ends.</summary>
    DiskError,

    /// <summary>The disk is full: whatever makes it fuller fails.</summary>
    DiskFull,

    /// <summary>Each storage call takes so much longer; the amount is in microseconds.</summary>
    DiskStall,

    /// <summary>The process ends, and a bit of an entry on its disk has changed when it comes back.</summary>
    BitRot,

    /// <summary>The disk says that it has synced and has not. Only where loss is expected.</summary>
    LostFlush,

    /// <summary>The node comes back with the disk that it had a while ago. Only where loss is expected.</summary>
    StaleImage,

    /// <summary>The clock runs at another rate; the amount is in thousandths.</summary>
    ClockRate,

    /// <summary>The wall clock jumps; the amount is in milliseconds.</summary>
    ClockJump,

    /// <summary>A worker's agent is killed and comes back, with its sandboxes or without them.</summary>
    WorkerRestart,

    /// <summary>A worker stands still.</summary>
    WorkerFreeze,

    /// <summary>A worker loses its connection to the plane for a while.</summary>
    WorkerCut,

    /// <summary>A sandbox's process dies.</summary>
    SandboxDeath,
}
