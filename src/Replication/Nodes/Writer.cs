using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Nodes;

/// <summary>
/// A reigning writer's side of its replicas: who has joined, what each is to be sent, what each has acknowledged, and whether a majority still
/// listens. A slow or silent replica holds up nobody: each has a cursor of its own.
/// </summary>
internal sealed class Writer
{
    private readonly ReplicaId _self;
    private readonly ReignTimings _timings;
    private readonly IReplicaPort _port;
    private readonly ReplicaLog _log;
    private readonly IReadOnlyList<ClosedReign> _closed;
    private readonly Dictionary<ReplicaId, PeerProgress> _peers = [];
    private readonly List<TimeSpan> _confirmed = [];
    private SequenceNumber _head;

    public Writer(
        ReplicaId self, JournalConfiguration configuration, Sequencer sequencer, ReplicaLog log, ReignTimings timings, IReplicaPort port, TimeSpan now)
    {
        _self = self;
        _timings = timings;
        _port = port;
        _log = log;
        Record = configuration.Current!;
        Sequencer = sequencer;
        _closed = [.. configuration.Epochs.SkipLast(1).Select(e => new ClosedReign(e.Epoch, e.Start, e.End!.Value.Next))];
        foreach (var replica in Record.Replicas.Where(replica => replica != self))
        {
            Add(new PeerProgress(replica, isMember: true, now));
        }
    }

    public EpochRecord Record { get; }

    public Sequencer Sequencer { get; }

    /// <summary>When it handed over; from then on it appends nothing more.</summary>
    public TimeSpan? Abdicated { get; private set; }

    /// <summary>True once it has handed over.</summary>
    public bool HasAbdicated => Abdicated is not null;

    public IReadOnlyCollection<PeerProgress> Peers => _peers.Values;

    /// <summary>The latest time such that a majority has acknowledged something that was sent at or after it.</summary>
    public TimeSpan ConfirmedAt(TimeSpan now)
    {
#if MUTANTS
        if (Mutant.Is("stale-leader-read"))
        {
            return now;
        }
#endif
        _confirmed.Clear();
        _confirmed.Add(now);
        foreach (var peer in _peers.Values)
        {
            if (peer.IsMember)
            {
                _confirmed.Add(peer.Confirmed);
            }
        }

        _confirmed.Sort();
        return _confirmed[^Quorum.MajorityOf(Record.Replicas.Count)];
    }

    public bool HoldsLease(TimeSpan now) => !HasAbdicated && now - ConfirmedAt(now) < _timings.Lease;

    public void AddLearner(ReplicaId replica, TimeSpan now)
    {
        if (replica != _self && !_peers.ContainsKey(replica))
        {
            Add(new PeerProgress(replica, isMember: false, now));
        }
    }

    public void RemoveLearner(ReplicaId replica)
    {
        if (_peers.TryGetValue(replica, out var peer) && !peer.IsMember)
        {
            _peers.Remove(replica);
        }
    }

    /// <summary>A connection to the replica is there, perhaps a new one: what was on its way on an old one may be lost.</summary>
    public void Invite(ReplicaId replica)
    {
        if (_peers.TryGetValue(replica, out var peer))
        {
            peer.Standing = PeerStanding.Away;
            _port.Send(replica, new Join(Record.Epoch, Record.Start, Record.StartHash, _closed, peer.IsMember));
        }
    }

    /// <summary>Entries before <paramref name="head"/> are kept no longer. Whoever does not hear it hears the next, or joins anew.</summary>
    public void Trimmed(SequenceNumber head)
    {
        _head = head;
        foreach (var peer in _peers.Values)
        {
            TellHead(peer);
        }
    }

    public void Gone(ReplicaId replica)
    {
        if (_peers.TryGetValue(replica, out var peer))
        {
            peer.Standing = PeerStanding.Away;
        }
    }

    public void Joined(ReplicaId from, Joined joined)
    {
        if (joined.Epoch != Record.Epoch || !_peers.TryGetValue(from, out var peer))
        {
            return;
        }

        var agrees = joined.Last < _log.End.Last || (joined.Last == _log.End.Last && joined.LastHash == _log.End.LastHash);
        peer.Standing = agrees ? PeerStanding.Following : PeerStanding.NeedsSnapshot;
        peer.Next = joined.Last.Next;
        if (!joined.IsWhole)
        {
            // It can have acknowledged, in this reign, only what was written until now, and in earlier ones only what lies before. At each
            // joining anew: what it acknowledged since the one before may be what it has lost.
            peer.HealedAt = _log.End.Last;
        }

        peer.IsWhole = joined.IsWhole;
        TellHead(peer);
        if (agrees)
        {
            // What it holds of this reign counts; what is older is committed anyway.
            Holds(peer, joined.Last);
        }
    }

    public void Appended(ReplicaId from, Appended appended)
    {
        var isOfThisReign = appended.Epoch == Record.Epoch;
#if MUTANTS
        isOfThisReign |= Mutant.Is("stale-epoch-ack");
#endif
        if (!isOfThisReign || !_peers.TryGetValue(from, out var peer) || appended.Durable > _log.End.Last)
        {
            return;
        }

        peer.Snapshot = appended.Snapshot;
        peer.IsWhole = appended.IsWhole;
        if (appended.Stamp <= (ulong)peer.LastSent.Ticks && appended.Stamp > (ulong)peer.Confirmed.Ticks)
        {
            peer.Confirmed = TimeSpan.FromTicks((long)appended.Stamp);
        }

        Holds(peer, appended.Durable);
        if (peer.Next > peer.Durable.Next && appended.Stamp > (ulong)peer.EntriesSent.Ticks)
        {
            // It answers something later than the last entries and does not hold them: they were lost on the way, though no connection broke. If
            // they were only overtaken, they come twice.
            peer.Next = peer.Durable.Next;
        }

        // Not on the word of an acknowledgement that comes late, from before a restart: until it has joined anew nobody knows what it lost.
        if (peer is { IsWhole: false, Standing: PeerStanding.Following } && peer.Durable >= peer.HealedAt)
        {
            _port.Send(from, new Healed(Record.Epoch, peer.HealedAt));
        }
    }

    /// <summary>True if the refusal says that this reign is over.</summary>
    public bool Refused(ReplicaId from, Refused refused)
    {
        if (refused.Promised > Record.Epoch || (refused.Promised == Record.Epoch && refused.IsSealed))
        {
            return true;
        }

        if (_peers.TryGetValue(from, out var peer))
        {
            switch (refused.Reason)
            {
                case PeerRefusal.NotJoined:
                    Invite(from);
                    break;
                case PeerRefusal.NotContiguous when refused.Last < _log.End.Last:
                    // A late refusal, overtaken by an acknowledgement, sets nothing back.
                    peer.Next = refused.Last > peer.Durable ? refused.Last.Next : peer.Durable.Next;
                    break;
                case PeerRefusal.Parted:
                    peer.Standing = PeerStanding.NeedsSnapshot;
                    break;
            }
        }

        return false;
    }

    /// <summary>Sends each replica what it lacks, as far as its window and its connection take it; a heartbeat where there is nothing to send.</summary>
    public void Pump(TimeSpan now)
    {
        if (HasAbdicated)
        {
            return;
        }

        foreach (var peer in _peers.Values)
        {
            if (peer.Standing == PeerStanding.Following)
            {
                Pump(peer, now);
            }
            else if (now - peer.LastSent >= _timings.Heartbeat)
            {
                peer.LastSent = now;
                if (peer.Standing == PeerStanding.Away)
                {
                    Invite(peer.Replica);
                }
                else
                {
                    // Once it has begun anew from a snapshot it answers that it has not joined.
                    SendBeat(peer, now);
                }
            }
        }
    }

    /// <summary>
    /// Asks every replica for a sign, so that a majority's answer confirms the reign at or after <paramref name="since"/>. Whoever was sent anything
    /// since then is not asked again: the answer to that will do, and to ask anew at each answer would go round and round.
    /// </summary>
    public void Beat(TimeSpan since, TimeSpan now)
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Standing == PeerStanding.Following && peer.LastSent < since)
            {
                SendBeat(peer, now);
            }
        }
    }

    /// <summary>
    /// It reaches no majority any more: whoever it does reach is told, and need not find out by its silence. A cut may have taken one direction only.
    /// </summary>
    public void StepDown()
    {
        foreach (var peer in _peers.Keys)
        {
            _port.Send(peer, new Refused(Record.Epoch, IsSealed: false, PeerRefusal.SteppedDown, _log.End.Last));
        }
    }

    public void OwnDurable(SequenceNumber durable) => Sequencer.ReplicaDurable(_self, durable);

    /// <summary>
    /// Gives the reign to <paramref name="successor"/>, if it holds everything and everything is committed. From then on nothing is appended
    /// here; the successor's seal ends the reign, or the lease does if the message was lost.
    /// </summary>
    public bool TryHandOver(ReplicaId successor, IReadOnlyList<ReplicaId> nextReplicas, TimeSpan now)
    {
        if (HasAbdicated
            || !nextReplicas.Contains(successor)
            || !_peers.TryGetValue(successor, out var peer)
            || peer is not { Standing: PeerStanding.Following, IsWhole: true }
            || peer.Durable != _log.End.Last
            || Sequencer.Committed != _log.End.Last)
        {
            return false;
        }

        Abdicated = now;
        _port.Send(successor, new HandOver(Record.Epoch, nextReplicas));
        return true;
    }

    private void Add(PeerProgress peer)
    {
        _peers.Add(peer.Replica, peer);
        Invite(peer.Replica);
    }

    private void TellHead(PeerProgress peer)
    {
        if (_head > SequenceNumber.First && peer.Standing == PeerStanding.Following)
        {
            _port.Send(peer.Replica, new Kept(Record.Epoch, _head));
        }
    }

    private void Holds(PeerProgress peer, SequenceNumber durable)
    {
        peer.Durable = durable;
        if (peer.Next <= durable)
        {
            // An answer to an earlier invitation, overtaken on another connection, had set it back.
            peer.Next = durable.Next;
        }

        if (peer.IsMember)
        {
            Sequencer.ReplicaDurable(peer.Replica, durable);
        }
    }

    private void Pump(PeerProgress peer, TimeSpan now)
    {
        while (peer.Next <= _log.End.Last && peer.Next.Value - peer.Durable.Value <= _timings.WindowEntries)
        {
            var limit = peer.Durable.Plus(_timings.WindowEntries + 1);
            var end = limit < _log.End.Tail ? limit : _log.End.Tail;
            var entries = new EntriesToSend(EntryCarrier.Append, Record.Epoch, Sequencer.Committed, (ulong)now.Ticks, peer.Next, end);
            if (_port.SendEntries(peer.Replica, entries) is not { } next)
            {
                peer.Standing = PeerStanding.NeedsSnapshot;
                _port.Send(peer.Replica, new Refused(Record.Epoch, IsSealed: false, PeerRefusal.NotHeld, _log.End.Last));
                return;
            }

            if (next == peer.Next)
            {
                return;
            }

            peer.Next = next;
            (peer.LastSent, peer.EntriesSent) = (now, now);
        }

        if (now - peer.LastSent >= _timings.Heartbeat)
        {
            SendBeat(peer, now);
        }
    }

    private void SendBeat(PeerProgress peer, TimeSpan now)
    {
        peer.LastSent = now;
        _port.Send(peer.Replica, new Append(Record.Epoch, Sequencer.Committed, (ulong)now.Ticks, _log.End.Tail, ReadOnlyMemory<byte>.Empty));
    }
}
