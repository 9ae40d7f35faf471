using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Nodes;

/// <summary>What every replica does for others, whoever reigns: joins, holds, seals, copies, lets read. Answers speak of what is durable only.</summary>
internal sealed class ReplicaSide(ReplicaLog log, SequenceNumber committed, IReplicaPort port)
{
    private ReplicaId? _owesTo;
    private ulong _stamp;
    private SequenceNumber _toldCommitted;
    private Epoch _copying;
    private SequenceNumber _keptFrom;

    /// <summary>Last position that is durable here.</summary>
    public SequenceNumber Durable { get; private set; } = log.End.Last;

    /// <summary>Last position that is known to be committed and is held here. Never moves back.</summary>
    public SequenceNumber Committed { get; private set; } = committed;

    /// <summary>Position of the newest whole snapshot here, to be told to the writer.</summary>
    public SequenceNumber Snapshot { get; set; }

    /// <summary>Takes part in a reign. False if it is over: the answer says so.</summary>
    public bool Join(ReplicaId from, Join join)
    {
        if (log.Promise.Join(join.Epoch) is not { } promise || (log.Joined is { } joined && joined.Epoch == join.Epoch && joined.Writer != from))
        {
            Refuse(from, PeerRefusal.Overtaken);
            return false;
        }

        MakeDurable();
        if (promise != log.Promise)
        {
            port.Promise(promise);
        }

        // Promised before it is clipped: a crash between leaves bytes that no opener counts, because their reign is known to have ended.
        log.Adopt(promise);
        var clip = ClipPoint.Of(log.End.LastEpoch, join);
#if MUTANTS
        clip = Mutant.Is("clip-skipped") ? null : clip;
#endif
        var end = BeginSegment(join.Epoch, clip < log.End.Tail ? clip.Value : log.End.Tail);
        log.Join(new Reign(join.Epoch, from, join.Start, join.StartHash), end);

        // Stamps are of the writer's own clock: another writer's say nothing to this one.
        _stamp = 0;
        if (end.Tail == join.Start && end.LastHash != join.StartHash)
        {
            Part(from);
            return true;
        }

        port.Send(from, new Joined(join.Epoch, end.Last, end.LastHash, promise.IsWhole));
        return true;
    }

    /// <summary>Holds what the writer sends; acknowledged by <see cref="EndBatch"/>. False if it is not of the joined reign: the answer says so.</summary>
    public bool Append(ReplicaId from, Append append)
    {
        if (log.Joined is not { } reign || reign.Epoch != append.Epoch || reign.Writer != from)
        {
            var over = append.Epoch < log.Promise.Epoch || (append.Epoch == log.Promise.Epoch && log.Promise.IsSealed);
            Refuse(from, over ? PeerRefusal.Overtaken : PeerRefusal.NotJoined);
            return false;
        }

        _owesTo = from;
        _stamp = Math.Max(_stamp, append.Stamp);
        _toldCommitted = append.Committed > _toldCommitted ? append.Committed : _toldCommitted;
        var run = new EntryRun(append.Entries.Span);
        while (run.MoveNext())
        {
            if (run.Header.Sequence <= log.End.Last)
            {
                continue;
            }

            var refusal = log.Admit(run.Header, run.Hash);
            if (refusal == ReplicaRefusal.None)
            {
                port.Write(run.Header, run.Hash, run.Encoded);
            }
            else if (refusal == ReplicaRefusal.NotContiguous)
            {
                Refuse(from, PeerRefusal.NotContiguous);
                return true;
            }
            else
            {
                Part(from);
                return true;
            }
        }

        if (run.IsDamaged)
        {
            Refuse(from, PeerRefusal.NotContiguous);
        }

        return true;
    }

    /// <summary>Promises to take nothing more of <paramref name="epoch"/>, durably, and returns how far the replica reaches.</summary>
    public JournalEnd Seal(Epoch epoch)
    {
        MakeDurable();
        var promise = log.Promise.Seal(epoch);
        Invariant.Check(promise is not null, "whoever seals was not overtaken");
        var isPromised = promise.Value == log.Promise;
#if MUTANTS
        isPromised |= Mutant.Is("promise-not-persisted");
#endif
        if (!isPromised)
        {
            port.Promise(promise.Value);
        }

        log.Adopt(promise.Value);
        _owesTo = null;
        if (log.End.Last > log.AppendEnd.Last)
        {
            // The beginning of an append whose end never came: nobody was told of it, and whoever has the whole of it will bring it again.
            Clip(epoch, log.AppendEnd.Tail);
        }

        return log.End;
    }

    /// <summary>Handles what concerns the replica alone; other messages are none of its.</summary>
    public void Receive(ReplicaId from, PeerMessage message)
    {
        switch (message)
        {
            case Copy copy:
                Copy(from, copy);
                break;
            case Fetch fetch:
                Fetch(from, fetch);
                break;
            case Healed healed:
                Heal(from, healed);
                break;
            case Kept kept:
                Keep(from, kept);
                break;
        }
    }

    /// <summary>Holds what a recovery brings, and says how far it reaches now.</summary>
    private void Copy(ReplicaId from, Copy copy)
    {
        if (log.Promise.Epoch != copy.Epoch || !log.Promise.IsSealed)
        {
            Refuse(from, PeerRefusal.Overtaken);
            return;
        }

        TakeCopies(copy.Epoch, copy.Entries.Span, null);
        port.Send(from, new Copied(copy.Epoch, log.End.Last, log.End.LastHash));
    }

    /// <summary>Takes entries up to <paramref name="last"/> that belong to the sealed <paramref name="epoch"/> or come before it; durable on return. False if one does not follow on what is held.</summary>
    public bool TakeCopies(Epoch epoch, ReadOnlySpan<byte> entries, SequenceNumber? last)
    {
        var run = new EntryRun(entries);
        var begun = false;
        var fits = true;
        while (run.MoveNext() && !(run.Header.Sequence > last))
        {
            if (run.Header.Sequence <= log.End.Last && !IsSuperseded(run.Header, run.Hash))
            {
                continue;
            }

            if (!begun)
            {
                // A segment of its own: the one that was written before belongs to the reign that is sealed.
                begun = true;
                if (run.Header.Sequence <= log.End.Last || _copying != epoch)
                {
                    Clip(epoch, run.Header.Sequence < log.End.Tail ? run.Header.Sequence : log.End.Tail);
                    _copying = epoch;
                }
            }

            if (log.AdmitCopy(run.Header, run.Hash, epoch) != ReplicaRefusal.None)
            {
                fits = false;
                break;
            }

            port.Write(run.Header, run.Hash, run.Encoded);
        }

        MakeDurable();
        return fits;
    }

    /// <summary>Drops what lies at or behind <paramref name="start"/>: it is of a reign that had ended before.</summary>
    public void Clip(Epoch epoch, SequenceNumber start)
    {
        MakeDurable();
        log.Restart(BeginSegment(epoch, start));
    }

    /// <summary>Sends durable entries, or says that it has none of them.</summary>
    private void Fetch(ReplicaId from, Fetch fetch)
    {
        var end = fetch.ToExclusive <= Durable.Next ? fetch.ToExclusive : Durable.Next;
        var sent = fetch.From < end
            ? port.SendEntries(from, new EntriesToSend(EntryCarrier.Fetched, log.Promise.Epoch, Committed, 0, fetch.From, end))
            : null;
        if (sent is null)
        {
            Refuse(from, PeerRefusal.NotHeld);
        }
    }

    /// <summary>The writer of the joined reign says that the replica holds all that it may ever have acknowledged.</summary>
    private void Heal(ReplicaId from, Healed healed)
    {
        if (!log.Promise.IsWhole && log.Joined is { } reign && reign.Epoch == healed.Epoch && reign.Writer == from && log.AppendEnd.Last >= healed.Held)
        {
            MakeDurable();
            var whole = log.Promise with { IsWhole = true };
            port.Promise(whole);
            log.Adopt(whole);
        }
    }

    /// <summary>The writer of the joined reign keeps nothing before a position, which nobody then need do. Heeded once it is known here to be committed.</summary>
    private void Keep(ReplicaId from, Kept kept)
    {
        if (log.Joined is { } reign && reign.Epoch == kept.Epoch && reign.Writer == from)
        {
            _keptFrom = kept.From;
        }
    }

    /// <summary>On return everything held is durable.</summary>
    public void MakeDurable()
    {
#if MUTANTS
        Durable = Mutant.Is("ack-before-durable") ? log.End.Last : Durable;
#endif
        if (log.End.Last > Durable)
        {
            port.Flush(log.AppendEnd.Last);
        }

        Durable = log.End.Last;
    }

    /// <summary>Acknowledges what the batch brought. Everything held is durable.</summary>
    public void EndBatch()
    {
        if (_owesTo is { } writer && log.Joined is { } reign)
        {
            // Whole appends only: half of one is not kept by a restart.
            port.Send(writer, new Appended(reign.Epoch, log.AppendEnd.Last, _stamp, Snapshot, log.Promise.IsWhole));
            if (log.Agrees)
            {
                Commit(_toldCommitted < log.AppendEnd.Last ? _toldCommitted : log.AppendEnd.Last);
            }
        }

        _owesTo = null;
        if (_keptFrom > SequenceNumber.None && _keptFrom <= Committed)
        {
            port.MayTrim(_keptFrom);
            _keptFrom = SequenceNumber.None;
        }
    }

    /// <summary>Everything up to <paramref name="position"/> is committed.</summary>
    public void Commit(SequenceNumber position)
    {
        if (position > Committed)
        {
            Invariant.Check(position <= Durable, "what is told to be committed is durable here");
            Committed = position;
            port.Committed(position);
        }
    }

    /// <summary>Begins this node's own reign, already promised: what is held ends where it starts.</summary>
    public void Begin(in Reign reign)
    {
        var end = BeginSegment(reign.Epoch, reign.Start);
        Invariant.Check(end.Last == reign.Start.Previous && end.LastHash == reign.StartHash, "a writer holds everything before its reign");
        log.Join(reign, end);
    }

    /// <summary>The journal begins anew behind a snapshot, whose entries are all committed.</summary>
    public void Restart(JournalEnd end)
    {
        log.Leave();
        log.Restart(end);
        Durable = end.Last;
        Snapshot = end.Last;
        Commit(end.Last);
    }

    /// <summary>Says no, and why.</summary>
    public void Refuse(ReplicaId to, PeerRefusal reason) =>
        port.Send(to, new Refused(log.Promise.Epoch, log.Promise.IsSealed, reason, log.End.Last));

    // What is held was of a reign whose end nobody remembers, or is damaged in a way that checksums miss: either way it is not the journal.
    private void Part(ReplicaId writer)
    {
        Refuse(writer, PeerRefusal.Parted);
        log.Leave();
        port.WantSnapshot(writer);
    }

    private JournalEnd BeginSegment(Epoch epoch, SequenceNumber start)
    {
        Invariant.Check(start > Committed, "what is committed is never clipped");
        var end = port.BeginSegment(epoch, start);
        Invariant.Check(end.Tail == start, "a segment begins behind what is kept");
        Durable = end.Last;
        _copying = default;
        return end;
    }

    // A later reign's entry takes the place of one that was never committed; entries of one reign never differ.
    private bool IsSuperseded(in EntryHeader header, ChainHash hash)
    {
        if (header.Sequence <= Committed || port.EndAt(header.Sequence) is not { } held || held.LastHash == hash)
        {
            return false;
        }

        Invariant.Check(held.LastEpoch != header.Epoch, "one payload for each position and epoch");
        return held.LastEpoch < header.Epoch;
    }
}
