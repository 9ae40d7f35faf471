using System.Security.Cryptography;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Cluster;

namespace ControlPlane.Runtime.Journals;

/// <summary>Where a journal lies and how it is opened.</summary>
public sealed record JournalEngineOptions
{
    /// <summary>The journal's own directory; made if it does not exist.</summary>
    public required string Directory { get; init; }

    /// <summary>The cluster that a new journal belongs to.</summary>
    public ClusterId Cluster { get; init; }

    /// <summary>The disk; another one under test.</summary>
    public IDisk Disk { get; init; } = new PhysicalDisk();

    /// <summary>Sizes of the files.</summary>
    public SegmentOptions Segments { get; init; } = new();

    /// <summary>Called now and then while a long journal is verified.</summary>
    public Action<RecoveryProgress>? Progress { get; init; }

    /// <summary>Called for each part of a snapshot that another replica sends, because the entries that are missing here are gone there: bytes so far, bytes in all.</summary>
    public Action<ulong, ulong>? SnapshotProgress { get; init; }

    /// <summary>Measures how long peers are silent; nothing that is durable depends on it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How patient the node is with its peers.</summary>
    public ReignTimings Timings { get; init; } = new();

    /// <summary>The replicas on other nodes; null: this is the only one.</summary>
    public ReplicaGroup? Group { get; init; }

    /// <summary>Makes the identifiers of a new journal and replica.</summary>
    public Func<UInt128> NewId { get; init; } = RandomId;

    private static UInt128 RandomId()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }
}
