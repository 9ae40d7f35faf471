using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.WorkerManager;

namespace ControlPlane.Runtime.Partitions;

/// <summary>How a partition runs on this node.</summary>
public sealed record PartitionHostOptions
{
    /// <summary>Which partition.</summary>
    public PartitionId Partition { get; init; }

    /// <summary>This node's name, for people.</summary>
    public required string Node { get; init; }

    /// <summary>Its journal.</summary>
    public required JournalEngineOptions Journal { get; init; }

    /// <summary>How its leader decides.</summary>
    public CoreOptions Core { get; init; } = new();

    /// <summary>Commands that may wait for the loop; beyond, callers are told that it is overloaded.</summary>
    public int MailboxMax { get; init; } = 65_536;

    /// <summary>Entries after which a snapshot is taken by itself; 0 = never.</summary>
    public long SnapshotInterval { get; init; } = 500_000;

    /// <summary>Entries behind the newest snapshot that are kept, for readers of the past; older ones go once a majority has snapshots of them. 0 = all are.</summary>
    public long KeepEntries { get; init; }
}
