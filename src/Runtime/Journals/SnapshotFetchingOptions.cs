using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Journals;

/// <summary>Why a snapshot could not be fetched from a replica.</summary>
public enum SnapshotFetchFailure
{
    /// <summary>The source has none.</summary>
    NoSnapshot,

    /// <summary>Nothing new came for <see cref="SnapshotFetchingOptions.GiveUpAfter"/>.</summary>
    Silent,

    /// <summary>All of it came, and it is not whole.</summary>
    Damaged,
}

/// <summary>Whom a <see cref="SnapshotFetching"/> talks to, and how patient it is. The calls are made from within its own methods, each after its state has changed.</summary>
public sealed record SnapshotFetchingOptions
{
    /// <summary>Sends a message to a replica, or drops it.</summary>
    public required Action<ReplicaId, PeerMessage> Send { get; init; }

    /// <summary>The snapshot is durable and verified, as <see cref="SnapshotReceiver.Publish"/> says. The last call.</summary>
    public required Action<SnapshotHeader> Published { get; init; }

    /// <summary>It failed, with the details in words; nothing was published, and another source may do better. The last call.</summary>
    public required Action<SnapshotFetchFailure, string> GaveUp { get; init; }

    /// <summary>Bytes received, and of how many. Both may fall back when the source's snapshot has changed.</summary>
    public Action<ulong, ulong> Progress { get; init; } = (_, _) => { };

    /// <summary>Silence after which a request counts as lost and is repeated.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which the source counts as gone. A source is silent while it verifies the snapshot that it is about to offer.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);
}
