using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Replication.Replicas;

/// <summary>Why a replica does not take an entry.</summary>
public enum ReplicaRefusal
{
    /// <summary>It does.</summary>
    None = 0,

    /// <summary>The entry's epoch is not one that the reign may bring at this position.</summary>
    WrongEpoch,

    /// <summary>The reign was sealed here, or the replica has not joined it.</summary>
    NotJoined,

    /// <summary>The entry is of another journal.</summary>
    WrongJournal,

    /// <summary>The entry does not follow on what the replica holds: it must be sent what lies between first.</summary>
    NotContiguous,

    /// <summary>The entry follows in number but names another predecessor: what the replica holds is another history.</summary>
    WrongPredecessor,
}

/// <summary>
/// One replica's side of the journal: what it holds, and what it admits. An entry is admitted only if the replica has joined the
/// reign that brings it, it is contiguous, and chained to what the replica holds. So all replicas' entries of a reign are prefixes
/// of one another, and nothing is ever overwritten. The writer's own replica goes through the same gate.
/// </summary>
public sealed class ReplicaLog
{
    private readonly JournalId _journal;

    /// <summary>Takes over from what was verified on disk: it ends with a whole append, and no reign is joined.</summary>
    public ReplicaLog(JournalId journal, ReplicaPromise promise, JournalEnd end)
    {
        _journal = journal;
        Promise = promise;
        End = end;
        AppendEnd = end;
    }

    /// <summary>What was promised.</summary>
    public ReplicaPromise Promise { get; private set; }

    /// <summary>The reign that it takes part in since it was started; null between reigns.</summary>
    public Reign? Joined { get; private set; }

    /// <summary>The last entry held (not necessarily durable yet).</summary>
    public JournalEnd End { get; private set; }

    /// <summary>The last entry held that ends an append.</summary>
    public JournalEnd AppendEnd { get; private set; }

    /// <summary>
    /// True if what is held is known to be a prefix of the joined writer's journal. Before, a heartbeat's commit says nothing about it: it
    /// could be of a reign whose end nobody remembers.
    /// </summary>
    public bool Agrees { get; private set; }

    /// <summary>Checks an entry from the joined reign's writer and, if it is admitted, counts it as held; the caller then writes its bytes.</summary>
    public ReplicaRefusal Admit(in EntryHeader header, ChainHash hash)
    {
        var refusal = Joined is { } reign ? Check(header, reign) : ReplicaRefusal.NotJoined;
        if (refusal == ReplicaRefusal.None)
        {
            Agrees = true;
            Hold(header, hash);
        }

        return refusal;
    }

    /// <summary>Checks an entry that a recovery brings while <paramref name="epoch"/> is sealed here; counts it as held if it is admitted.</summary>
    public ReplicaRefusal AdmitCopy(in EntryHeader header, ChainHash hash, Epoch epoch)
    {
        var refusal = !(Promise.IsSealed && Promise.Epoch == epoch) ? ReplicaRefusal.NotJoined
            : header.Epoch > epoch ? ReplicaRefusal.WrongEpoch
            : CheckLink(header);
        if (refusal == ReplicaRefusal.None)
        {
            Hold(header, hash);
        }

        return refusal;
    }

    /// <summary>Adopts a promise that is already durable. A reign that it ends is left.</summary>
    public void Adopt(ReplicaPromise promise)
    {
        Invariant.Check(promise.Epoch >= Promise.Epoch, "promises only rise");
        Promise = promise;
#if MUTANTS
        if (Mutant.Is("seal-not-honoured") && promise.IsSealed)
        {
            return;
        }
#endif
        if (Joined is { } reign && (promise.Epoch != reign.Epoch || promise.IsSealed))
        {
            Joined = null;
        }
    }

    /// <summary>Takes part in the promised reign, with what is held from here on ending at <paramref name="end"/>.</summary>
    public void Join(in Reign reign, JournalEnd end)
    {
        Invariant.Check(reign.Epoch == Promise.Epoch && !Promise.IsSealed, "a reign is promised before it is joined");
        Joined = reign;
        Restart(end);
        Agrees = end.LastEpoch == reign.Epoch || (end.Tail == reign.Start && end.LastHash == reign.StartHash);
    }

    /// <summary>What is held ends at <paramref name="end"/> from here on: it was clipped (behind a whole append), or begins anew from a snapshot.</summary>
    public void Restart(JournalEnd end)
    {
        AppendEnd = end == End ? AppendEnd : end;
        End = end;
    }

    /// <summary>Leaves the reign: it must be joined again before it brings anything.</summary>
    public void Leave() => Joined = null;

    private void Hold(in EntryHeader header, ChainHash hash)
    {
        End = JournalEnd.Behind(header, hash);
        AppendEnd = header.EndsAppend ? End : AppendEnd;
    }

    private ReplicaRefusal Check(in EntryHeader header, in Reign reign)
    {
        // Before the reign's start a writer brings what earlier reigns wrote; from there on only its own.
        var expected = header.Sequence >= reign.Start ? header.Epoch == reign.Epoch : header.Epoch < reign.Epoch;
        return !expected ? ReplicaRefusal.WrongEpoch
            : header.Sequence == reign.Start && header.PreviousHash != reign.StartHash ? ReplicaRefusal.WrongPredecessor
            : CheckLink(header);
    }

    private ReplicaRefusal CheckLink(in EntryHeader header) => header switch
    {
        _ when header.Journal != _journal => ReplicaRefusal.WrongJournal,
        _ when header.Sequence != End.Tail => ReplicaRefusal.NotContiguous,
        _ when header.PreviousHash != End.LastHash => ReplicaRefusal.WrongPredecessor,
        _ => ReplicaRefusal.None,
    };
}
