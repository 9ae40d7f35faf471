using System.Net;
using ControlPlane.Primitives;
using ControlPlane.Security;

namespace ControlPlane.Server.Configuration;

/// <summary>What a node needs to know, checked. Made by <see cref="NodeConfiguration.Load"/>, or in code by a program that hosts a node.</summary>
public sealed record NodeOptions
{
    /// <summary>What the names of the worker manager's own journals begin with; the partition's number follows.</summary>
    public const string OwnedJournalPrefix = "wm-";

    /// <summary>Name of the journal of the worker manager's partition.</summary>
    public static string OwnedJournal(PartitionId partition) => $"{OwnedJournalPrefix}{partition}";

    /// <summary>Name of the node, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Where the services listen; without <see cref="Tls"/> on loopback only. Port 0: the system chooses.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Absolute path of the directory that holds the journals.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Entries between two snapshots of the worker manager; 0 = only on demand.</summary>
    public required long SnapshotEveryEntries { get; init; }

    /// <summary>Entries behind the newest snapshot of the worker manager that are kept; 0 = all.</summary>
    public long KeepEntries { get; init; }

    /// <summary>How long a stopping node lets calls in flight finish.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>False: the node keeps journals for general use, of which there must be one, and nothing else.</summary>
    public bool WorkerManager { get; init; } = true;

    /// <summary>How many partitions the worker manager is divided into, at every node alike; 1 to <see cref="PartitionMap.CountMax"/>, and never another than at the first start.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>Journals for general use.</summary>
    public required IReadOnlyList<string> Journals { get; init; }

    /// <summary>How the worker manager leads, and the rules that a new partition begins with.</summary>
    public WorkerManager.CoreOptions Core { get; init; } = new();

    /// <summary>
    /// The node's certificate (<c>controlplane://replica/NAME</c>), its key, and whom it trusts; null: plaintext. With it every call needs a
    /// certificate, on loopback too, and may do what its role may.
    /// </summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Lets a node without TLS listen on an address that other machines reach: whoever can reach it may do anything.</summary>
    public bool DangerouslyServePlaintextToTheNetwork { get; init; }

    /// <summary>The cluster that the node belongs to; null: it is alone. <see cref="Name"/> is among its nodes.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>Where metrics go, or null: nowhere.</summary>
    public required Uri? OtlpEndpoint { get; init; }
}
