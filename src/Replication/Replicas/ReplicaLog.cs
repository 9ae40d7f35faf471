using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Replicas;

/// <summary>Why a replica does not take an entry.</summary>
public enum ReplicaRefusal
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>The entry's epoch is not the one promised.</summary>
    WrongEpoch,

    /// <summary>The reign was sealed here.</summary>
    Sealed,

    /// <summary>The entry is of another journal.</summary>
    WrongJournal,

    /// <summary>The entry does not follow on what the replica holds: it must be sent what lies between first.</summary>
    NotContiguous,

    /// <summary>The entry follows in number but names another predecessor: histories have parted, which never happens between honest replicas.</summary>
    WrongPredecessor,
}

/// <summary>
/// One replica's side of a reign: admits an entry only if it is of the promised epoch, not sealed, contiguous, and chained
/// to what the replica holds. So all replicas' segments of a reign are prefixes of one another, and nothing is ever
/// overwritten. The writer's own replica goes through the same gate.
/// </summary>
public sealed class ReplicaLog
{
    private readonly JournalId _journal;

    /// <summary>Takes over from what was verified on disk.</summary>
    public ReplicaLog(JournalId journal, ReplicaPromise promise, SequenceNumber last, ChainHash lastHash)
    {
        _journal = journal;
        Promise = promise;
        Last = last;
        LastHash = lastHash;
    }

    /// <summary>What was promised.</summary>
    public ReplicaPromise Promise { get; private set; }

    /// <summary>Last position held (not necessarily durable yet).</summary>
    public SequenceNumber Last { get; private set; }

    /// <summary>Hash of the entry at <see cref="Last"/>.</summary>
    public ChainHash LastHash { get; private set; }

    /// <summary>Checks an entry and, if it is admitted, counts it as held; the caller then writes its bytes.</summary>
    public ReplicaRefusal Admit(in EntryHeader header, ChainHash hash)
    {
        var refusal = Check(header);
        if (refusal == ReplicaRefusal.None)
        {
            Last = header.Sequence;
            LastHash = hash;
        }

        return refusal;
    }

    /// <summary>Adopts a promise that is already durable.</summary>
    public void Adopt(ReplicaPromise promise)
    {
        Invariant.Check(promise.Epoch >= Promise.Epoch, "promises only rise");
        Promise = promise;
    }

    private ReplicaRefusal Check(in EntryHeader header) => header switch
    {
        _ when header.Journal != _journal => ReplicaRefusal.WrongJournal,
        _ when header.Epoch != Promise.Epoch => ReplicaRefusal.WrongEpoch,
        _ when Promise.IsSealed => ReplicaRefusal.Sealed,
        _ when header.Sequence != Last.Next => ReplicaRefusal.NotContiguous,
        _ when header.PreviousHash != LastHash => ReplicaRefusal.WrongPredecessor,
        _ => ReplicaRefusal.None,
    };
}
