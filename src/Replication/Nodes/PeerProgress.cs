using ControlPlane.Primitives;

namespace ControlPlane.Replication.Nodes;

/// <summary>How a writer and one of its replicas stand.</summary>
public enum PeerStanding
{
    /// <summary>It has not joined the reign: not reached, or asked and not answered.</summary>
    Away,

    /// <summary>It takes entries.</summary>
    Following,

    /// <summary>What it needs is not held any more, or it holds another history: it must begin from a snapshot.</summary>
    NeedsSnapshot,
}

/// <summary>A writer's view of one replica.</summary>
public sealed class PeerProgress
{
    internal PeerProgress(ReplicaId replica, bool isMember, TimeSpan now) => (Replica, IsMember, Confirmed, LastSent) = (replica, isMember, now, now);

    /// <summary>Which replica.</summary>
    public ReplicaId Replica { get; }

    /// <summary>False: a learner, which counts for nothing yet.</summary>
    public bool IsMember { get; }

    /// <summary>How it stands.</summary>
    public PeerStanding Standing { get; internal set; }

    /// <summary>Next position to send to it.</summary>
    public SequenceNumber Next { get; internal set; } = SequenceNumber.First;

    /// <summary>Last position that it holds durably.</summary>
    public SequenceNumber Durable { get; internal set; }

    /// <summary>Position of its newest snapshot.</summary>
    public SequenceNumber Snapshot { get; internal set; }

    /// <summary>False: it may have acknowledged more than it holds.</summary>
    public bool IsWhole { get; internal set; } = true;

    /// <summary>When the newest message that it has acknowledged was sent.</summary>
    public TimeSpan Confirmed { get; internal set; }

    internal TimeSpan LastSent { get; set; }

    /// <summary>When the newest of the entries that are on their way were sent.</summary>
    internal TimeSpan EntriesSent { get; set; }

    /// <summary>Position that a replica which is not whole must hold before it is.</summary>
    internal SequenceNumber HealedAt { get; set; }
}
