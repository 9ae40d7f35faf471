using ControlPlane.Simulation.Faults;

namespace ControlPlane.Simulation;

/// <summary>Who uses the journal in a run.</summary>
public enum Workload
{
    /// <summary>Clients append, conditionally and exactly once, and read the tail.</summary>
    Journal,

    /// <summary>The worker manager: clients lease sandboxes on workers.</summary>
    Leases,
}

/// <summary>How much may break, and what is then demanded.</summary>
public enum DamageMode
{
    /// <summary>Never more than a quorum repairs: nothing is lost, and once all is mended the plane serves again.</summary>
    Repairable,

    /// <summary>More than that, in ways that storage can tell: nothing is lost silently; the plane may refuse to serve for ever.</summary>
    Unrecoverable,

    /// <summary>Disks lie in ways that nobody can tell: loss is expected; what is looked for is a run that ends.</summary>
    LossExpected,
}

/// <summary>What one run is like; drawn from its seed (<see cref="KnobDrawing"/>), or given.</summary>
public sealed record SimulationKnobs
{
    /// <summary>Who uses the journal.</summary>
    public Workload Workload { get; init; } = Workload.Leases;

    /// <summary>How much may break.</summary>
    public DamageMode Mode { get; init; }

    /// <summary>Nodes, each with a replica.</summary>
    public int Nodes { get; init; } = 3;

    /// <summary>Clients.</summary>
    public int Clients { get; init; } = 4;

    /// <summary>Workers.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Functions.</summary>
    public int Functions { get; init; } = 1;

    /// <summary>Tenants.</summary>
    public int Tenants { get; init; } = 2;

    /// <summary>Virtual seconds under faults.</summary>
    public int Seconds { get; init; } = 120;

    /// <summary>Operations after which each client stops; 0: none.</summary>
    public int OperationsPerClient { get; init; }

    /// <summary>A client's pause between two operations, on average.</summary>
    public int PauseMs { get; init; } = 150;

    /// <summary>How often a writer says that it is there.</summary>
    public int HeartbeatMs { get; init; } = 100;

    /// <summary>How long a writer reigns without a majority's answer.</summary>
    public int LeaseMs { get; init; } = 600;

    /// <summary>How far followers spread their attempts.</summary>
    public int StaggerMs { get; init; } = 300;

    /// <summary>When an opening without progress starts again.</summary>
    public int PatienceMs { get; init; } = 1_000;

    /// <summary>Entries on their way to one replica.</summary>
    public int WindowEntries { get; init; } = 16_384;

    /// <summary>Entries in one message.</summary>
    public int EntriesPerMessage { get; init; } = 64;

    /// <summary>Inputs handled with one flush.</summary>
    public int BatchMax { get; init; } = 128;

    /// <summary>Entries between snapshots; 0: none are taken and nothing is trimmed.</summary>
    public int SnapshotInterval { get; init; } = 500;

    /// <summary>Entries kept behind the snapshots of a majority.</summary>
    public int KeepEntries { get; init; } = 200;

    /// <summary>Bytes of a snapshot in one message.</summary>
    public int SnapshotPartBytes { get; init; } = 4_096;

    /// <summary>One way between two nodes.</summary>
    public int LatencyUs { get; init; } = 200;

    /// <summary>A sync.</summary>
    public int FlushUs { get; init; } = 300;

    /// <summary>A lease's time to live.</summary>
    public int TtlMs { get; init; } = 5_000;

    /// <summary>Faults in a virtual minute; 0: none.</summary>
    public int FaultsPerMinute { get; init; } = 12;

    /// <summary>What can happen: each seed leaves things out.</summary>
    public IReadOnlyList<FaultKind> FaultKinds { get; init; } = [];
}
