using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Epochs;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Nodes;

/// <summary>
/// One attempt of this node to come to reign: carries out what <see cref="EpochOpening"/> decides, by messages to the other replicas and by
/// its own storage. An attempt that gets stuck is dropped and begun anew from the register; nothing that it did needs to be undone.
/// </summary>
internal sealed class Opener(ReplicaId self, ReplicaLog log, ReplicaSide side, IReplicaPort port, HandOver? handOver, TimeSpan now)
{
    private EpochOpening? _opening;
    private JournalConfiguration? _configuration;
    private ulong _version;
    private OpeningEffect.CompareAndSet? _proposal;
    private readonly Dictionary<ReplicaId, SequenceNumber> _copied = [];
    private ReplicaId _source;
    private int _sealedOthers;

    /// <summary>When this attempt last got further.</summary>
    public TimeSpan Progressed { get; private set; } = now;

    /// <summary>Somebody has agreed that the reign ends: replicas that hear its writer seal all the same.</summary>
    public bool IsForced => handOver is not null;

    /// <summary>This node takes nothing more of the old reign. Until then it can go back to following its writer.</summary>
    public bool HasSealed { get; private set; }

    /// <summary>The register's value, as far as the attempt knows it.</summary>
    public (ulong Version, JournalConfiguration Value)? Register => _configuration is { } known ? (_version, known) : null;

    private Epoch OldEpoch => _configuration?.Current?.Epoch ?? default;

    /// <summary>The register has answered: begins. False if this node may not or need not open anything.</summary>
    /// <param name="version">Its version.</param>
    /// <param name="value">Its value.</param>
    /// <param name="founders">Who keep the journal from its first reign on, if it has not begun.</param>
    /// <param name="at">The time.</param>
    public bool Begin(ulong version, JournalConfiguration value, IReadOnlyList<ReplicaId> founders, TimeSpan at)
    {
        Progressed = at;
        (_version, _configuration) = (version, value);
        var next = handOver?.NextReplicas ?? value.Current?.Replicas ?? founders;
        if (!next.Contains(self)
            || !log.Promise.IsWhole
            || value.Current?.Epoch < log.Promise.Epoch
            || (handOver is { } given && value.Current?.Epoch != given.Epoch))
        {
            return false;
        }

        _opening = new EpochOpening(version, value, self, next);
        Do(_opening.Begin());
        return true;
    }

    public void Sealed(ReplicaId from, Sealed answer, TimeSpan at)
    {
        if (_opening is not null && answer.Epoch == OldEpoch)
        {
            Progressed = at;
            _sealedOthers += _opening.SealedTail(from) is null ? 1 : 0;
            if (!HasSealed && _sealedOthers + 1 >= Quorum.MajorityOf(_opening.OldReplicas.Count))
            {
                SealSelf();
            }

            Do(_opening.Sealed(from, new VerifiedTail(answer.Last, answer.LastHash, answer.LastEpoch)));
        }
    }

    public void Fetched(Fetched fetched, TimeSpan at)
    {
        if (_opening?.Final is not { } final || log.AppendEnd.Last >= final.Last)
        {
            return;
        }

        var before = log.End.Last;
        if (!side.TakeCopies(OldEpoch, fetched.Entries.Span, final.Last))
        {
            // What is held here is another history than the source's, from a time that nobody remembers.
            port.WantSnapshot(_source);
        }
        else if (log.End.Last != before)
        {
            Progressed = at;
            ContinueFetching(final, null);
        }
    }

    public void Copied(ReplicaId from, Copied copied, TimeSpan at)
    {
        if (_opening?.Final is not { } final || copied.Epoch != OldEpoch)
        {
            return;
        }

        if (copied.Last <= _copied.GetValueOrDefault(from))
        {
            // A repetition, or a replica that takes none of it: asking at once would only ask again. Patience begins the attempt anew.
            return;
        }

        Progressed = at;
        _copied[from] = copied.Last;
        if (copied.Last >= final.Last)
        {
            Do(_opening.Copied(from));
        }
        else
        {
            SendCopies(from, copied.Last.Next, final);
        }
    }

    /// <summary>The source does not hold what the opener lacks: it was trimmed.</summary>
    public void NotHeld(ReplicaId from)
    {
        if (from == _source && _opening?.Final is { } final && log.End.Last < final.Last)
        {
            port.WantSnapshot(from);
        }
    }

    /// <summary>The replica is reached (again): asks what it may not have heard.</summary>
    public void Reached(ReplicaId replica)
    {
        if (_opening is { Final: null } opening && opening.OldReplicas.Contains(replica) && opening.SealedTail(replica) is null)
        {
            port.Send(replica, new Seal(OldEpoch, IsForced));
        }
    }

    /// <summary>True if the register says that the proposal was taken (also if the answer to it was lost).</summary>
    public bool IsProposal(JournalConfiguration value) =>
        _proposal?.Value.Current is { } mine && value.Current is { } current
        && (mine.Epoch, mine.Writer, mine.Start, mine.StartHash) == (current.Epoch, current.Writer, current.Start, current.StartHash)
        && mine.Replicas.SequenceEqual(current.Replicas);

    /// <summary>What was proposed.</summary>
    public JournalConfiguration? Proposed => _proposal?.Value;

    private void Do(OpeningEffect? effect)
    {
        switch (effect)
        {
            case OpeningEffect.Seal seal:
                Seal(seal);
                break;
            case OpeningEffect.FetchUpTo fetch:
                ContinueFetching(fetch.Tail, fetch.Source);
                break;
            case OpeningEffect.CopyTo copy:
                foreach (var target in copy.Targets)
                {
                    _copied[target.Replica] = target.Holds;
                    SendCopies(target.Replica, target.Holds.Next, copy.Tail);
                }

                break;
            case OpeningEffect.CompareAndSet set:
                _proposal = set;
                port.CompareAndSet(set.ExpectedVersion, set.Value);
                break;
        }
    }

    // A node that only believes the writer gone must not leave its reign for that: it seals itself last, when it would complete a majority.
    private void Seal(OpeningEffect.Seal seal)
    {
        foreach (var replica in seal.Replicas.Where(replica => replica != self))
        {
            port.Send(replica, new Seal(seal.Epoch, IsForced));
        }

        if (IsForced || Quorum.MajorityOf(seal.Replicas.Count) == 1)
        {
            SealSelf();
        }
    }

    private void SealSelf()
    {
        HasSealed = true;
        var end = side.Seal(OldEpoch);
        var counting = EpochOpening.Counting(_configuration!, new VerifiedTail(end.Last, end.LastHash, end.LastEpoch));
        if (counting.Last < end.Last)
        {
            side.Clip(OldEpoch, counting.Last.Next);
        }

        Do(_opening!.Sealed(self, counting));
    }

    private void ContinueFetching(VerifiedTail final, ReplicaId? source)
    {
        _source = source ?? _source;
        if (log.AppendEnd.Last < final.Last)
        {
            port.Send(_source, new Fetch(log.End.Tail, final.Last.Next));
            return;
        }

        Invariant.Check(log.AppendEnd.LastHash == final.Hash, "one payload for each position and epoch");
        Do(_opening!.Copied(self));
    }

    private void SendCopies(ReplicaId replica, SequenceNumber from, VerifiedTail final) => port.SendEntries(
        replica, new EntriesToSend(EntryCarrier.Copy, OldEpoch, default, 0, from, final.Last.Next));
}
