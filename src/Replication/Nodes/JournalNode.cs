using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Nodes;

/// <summary>
/// One node's part in one journal: the whole protocol, and nothing else. Messages, the register's answers, the time and the user's appends come
/// in; what is to be stored, sent and asked goes out through an <see cref="IReplicaPort"/>. Why it is safe is told in the project's README.
/// </summary>
/// <remarks>
/// Sans I/O, one caller at a time. Inputs may be given in any number; <see cref="EndBatch"/> then sends, makes durable and acknowledges all
/// of them at once: entries go to the other replicas before the own flush begins, so that both run in parallel (group commit without timers).
/// Times are monotonic and of this process only. An exception out of the port ends the node: throw it away and recover from disk.
/// </remarks>
public sealed class JournalNode : IEntrySink
{
    private readonly ReplicaId _self;
    private readonly JournalId _journal;
    private readonly ReignTimings _timings;
    private readonly IReplicaPort _port;
    private readonly ReplicaLog _log;
    private readonly ReplicaSide _side;
    private TimeSpan _lastHeard;
    private TimeSpan _now;
    private ulong _attempts;
    private Opener? _opener;
    private Writer? _writer;
    private (ulong Version, JournalConfiguration Value)? _won;

    /// <summary>Begins as a follower of nobody, with what was recovered from disk.</summary>
    /// <param name="self">The replica.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="timings">How patient it is.</param>
    /// <param name="port">Storage, peers, register and user.</param>
    /// <param name="promise">What it had promised.</param>
    /// <param name="end">What it holds, durably.</param>
    /// <param name="committed">A position at or below the end that is known to be committed.</param>
    /// <param name="now">The time.</param>
    public JournalNode(
        ReplicaId self, JournalId journal, ReignTimings timings, IReplicaPort port, ReplicaPromise promise, JournalEnd end, SequenceNumber committed, TimeSpan now)
    {
        timings.Validate();
        Invariant.Check(committed <= end.Last, "what is committed here is held here");
        (_self, _journal, _timings, _port, _lastHeard, _now) = (self, journal, timings, port, now, now);
        _log = new ReplicaLog(journal, promise, end);
        _side = new ReplicaSide(_log, committed, port);
    }

    /// <summary>What the node is now.</summary>
    public NodeRole Role => _writer is not null || _won is not null ? NodeRole.Writer : _opener is not null ? NodeRole.Opener : NodeRole.Follower;

    /// <summary>The reign that it knows of: its own, or the one that it follows; none between reigns.</summary>
    public Reign? Reign => _log.Joined;

    /// <summary>What it has promised.</summary>
    public ReplicaPromise Promise => _log.Promise;

    /// <summary>The last entry held.</summary>
    public JournalEnd End => _log.End;

    /// <summary>Last position that is durable here.</summary>
    public SequenceNumber Durable => _side.Durable;

    /// <summary>Last position that is committed and held here.</summary>
    public SequenceNumber Committed => _side.Committed;

    /// <summary>Who keep the journal from its first reign on; a node that does not know them begins no new journal.</summary>
    public IReadOnlyList<ReplicaId> Founders { get; set; } = [];

    /// <summary>A writer's replicas; none for others.</summary>
    public IReadOnlyCollection<PeerProgress> Peers => _writer?.Peers ?? [];

    /// <summary>The writer's tail and conditions; only while it reigns and has been told to <see cref="Lead"/>.</summary>
    public Sequencer? Sequencer => _writer is { HasAbdicated: false } writer ? writer.Sequencer : null;

    /// <summary>The register's version and value while this node reigns: it alone changes them.</summary>
    public (ulong Version, JournalConfiguration Value)? Configuration { get; private set; }

    private Sequencer Reigning => Sequencer ?? throw new InvariantViolationException("only a reigning writer appends");

    private bool HearsWriter => _writer?.HoldsLease(_now) ?? (_won is not null || (_log.Joined is not null && _now - _lastHeard < _timings.Lease));

    /// <summary>True if this node follows nobody, or has missed several heartbeats: whom it follows may be gone, and is no advice to anyone.</summary>
    public bool MissesWriter(TimeSpan now) => Role == NodeRole.Follower && (_log.Joined is null || now - _lastHeard >= 3 * _timings.Heartbeat);

    /// <summary>A writer: the time up to which its reign is confirmed by a majority. A read that began before it may be answered.</summary>
    public TimeSpan ConfirmedAt(TimeSpan now) => _writer?.ConfirmedAt(now) ?? TimeSpan.MinValue;

    /// <summary>The newest whole snapshot here, to be told to the writer.</summary>
    public void SnapshotTaken(SequenceNumber position) => _side.Snapshot = position;

    /// <summary>Handles a message.</summary>
    public void Receive(ReplicaId from, PeerMessage message, TimeSpan now)
    {
        _now = now;
        switch (message)
        {
            case Append append:
                Hear(_side.Append(from, append), from);
                break;
            case Join join:
                Join(from, join);
                break;
            case Seal seal:
                Seal(from, seal);
                break;
            case HandOver handOver:
                TakeOver(from, handOver);
                break;
            case Refused refused:
                Refused(from, refused);
                break;
            case Joined joined:
                _writer?.Joined(from, joined);
                break;
            case Appended appended:
                _writer?.Appended(from, appended);
                break;
            case Sealed answer:
                _opener?.Sealed(from, answer, now);
                break;
            case Fetched fetched:
                _opener?.Fetched(fetched, now);
                break;
            case Copied copied:
                _opener?.Copied(from, copied, now);
                break;
            default:
                _side.Receive(from, message);
                break;
        }
    }

    /// <summary>A connection to a replica is there.</summary>
    public void Reached(ReplicaId replica, TimeSpan now)
    {
        _now = now;
        _writer?.Invite(replica);
        _opener?.Reached(replica);
    }

    /// <summary>The connection to a replica broke. Who loses the writer's waits for a sign of it a heartbeat longer: if it lives, the others hear it, and refuse.</summary>
    public void Gone(ReplicaId replica, TimeSpan now)
    {
        _now = now;
        _writer?.Gone(replica);
        var impatient = now + _timings.Heartbeat - _timings.Lease;
        if (_log.Joined is { } reign && reign.Writer == replica && impatient < _lastHeard)
        {
            _lastHeard = impatient;
        }
    }

    /// <summary>Time passes; call at least once in a heartbeat.</summary>
    public void Tick(TimeSpan now)
    {
        _now = now;
        if (_writer is { } writer)
        {
            if (writer.Abdicated is { } abdicated && now - abdicated >= _timings.Lease)
            {
                Depose(DeposedReason.HandedOver);
            }
            else if (now - writer.ConfirmedAt(now) >= _timings.Lease)
            {
                writer.StepDown();
                Depose(DeposedReason.LostMajority);
            }
        }
        else if (_opener is { } opener)
        {
            if (now - opener.Progressed >= _timings.OpeningPatience)
            {
                GiveUp();
            }
        }
        else if (_won is null && now - _lastHeard >= _timings.Lease + _timings.StaggerOf(_self, _attempts + _log.Promise.Epoch.Value))
        {
            Stand(null);
        }
    }

    /// <summary>Tries to come to reign at once, without waiting for silence: a journal of one replica, or an operator's wish.</summary>
    public void Stand(TimeSpan now)
    {
        _now = now;
        if (Role == NodeRole.Follower)
        {
            Stand(null);
        }
    }

    /// <summary>What the register holds; null if it was never written.</summary>
    public void RegisterRead(ulong version, JournalConfiguration? value, TimeSpan now)
    {
        _now = now;
        if (_opener is not { } opener)
        {
            return;
        }

        if (opener.Proposed is not null)
        {
            if (value is not null && opener.IsProposal(value))
            {
                Win(version, value);
            }
            else
            {
                // Another has won, and will be heard.
                GiveUp();
            }
        }
        else if (!opener.Begin(version, value ?? JournalConfiguration.Create(_journal), Founders, now))
        {
            GiveUp();
        }
    }

    /// <summary>How a proposal to the register went: true, taken; false, refused for good; null, it cannot be told.</summary>
    public void RegisterWritten(bool? taken, TimeSpan now)
    {
        _now = now;
        if (_opener is not { Proposed: { } proposed, Register: { } register })
        {
            return;
        }

#if MUTANTS
        taken = taken == false && Mutant.Is("two-writers-in-one-epoch") ? true : taken;
#endif
        if (taken == true)
        {
            Win(checked(register.Version + 1), proposed);
        }
        else
        {
            // Refused, or the answer was lost: what the register holds now tells.
            _port.ReadRegister();
        }
    }

    /// <summary>Begins to append, behind a state that has applied everything before the reign; answers <see cref="IReplicaPort.Won"/>.</summary>
    public void Lead(JournalState state, TimeSpan now)
    {
        _now = now;
        Invariant.Check(_won is not null, "only who has won leads");
        var configuration = _won.Value.Value;
        Configuration = _won;
        _won = null;
        _writer = new Writer(_self, configuration, new Sequencer(_journal, configuration.Current!, state), _log, _timings, _port, now);
    }

    /// <summary>The writer keeps entries from <paramref name="head"/> on only; the others may do the same.</summary>
    public void Trimmed(SequenceNumber head) => _writer?.Trimmed(head);

    /// <summary>The writer has changed the register (a trim): what it holds now.</summary>
    public void Configured(ulong version, JournalConfiguration value) => Configuration = (version, value);

    /// <summary>Judges and appends (see <see cref="Appending.Sequencer.Append"/>); only while <see cref="Sequencer"/> is there.</summary>
    public AppendResult Append(in AppendRequest request, JournalTime time) => Reigning.Append(request, time, this);

    /// <summary>Raises the fence (see <see cref="Appending.Sequencer.RaiseFence"/>); only while <see cref="Sequencer"/> is there.</summary>
    public AppendResult RaiseFence(JournalFence fence, JournalFence expected, JournalTime time) => Reigning.RaiseFence(fence, expected, time, this);

    /// <summary>Asks the replicas for a sign, so that <see cref="ConfirmedAt"/> comes to <paramref name="since"/>; may be repeated until it has.</summary>
    public void Confirm(TimeSpan since, TimeSpan now) => _writer?.Beat(since, now);

    /// <summary>A replica that catches up and counts for nothing yet.</summary>
    public void AddLearner(ReplicaId replica, TimeSpan now) => _writer?.AddLearner(replica, now);

    /// <summary>A learner is given up.</summary>
    public void RemoveLearner(ReplicaId replica) => _writer?.RemoveLearner(replica);

    /// <summary>
    /// Hands the reign over to a replica that holds everything, with <paramref name="nextReplicas"/> for the next reign. False if it does not hold
    /// everything yet, or not everything is committed: append nothing, and try again after the next acknowledgement.
    /// </summary>
    public bool TryHandOver(ReplicaId successor, IReadOnlyList<ReplicaId> nextReplicas) => _writer?.TryHandOver(successor, nextReplicas, _now) ?? false;

    /// <summary>The journal here begins anew behind a snapshot that was installed.</summary>
    public void SnapshotInstalled(JournalEnd end, TimeSpan now)
    {
        _now = now;
        Invariant.Check(_writer is null && _won is null, "a writer needs no snapshot");
        _opener = null;
        _side.Restart(end);
    }

    /// <summary>Sends, makes durable, acknowledges: everything since the last call at once.</summary>
    public void EndBatch(TimeSpan now)
    {
        _now = now;
        _writer?.Pump(now);
        _side.MakeDurable();
        if (_writer is { } writer)
        {
            writer.OwnDurable(_side.Durable);
            _side.Commit(writer.Sequencer.Committed);
        }

        _side.EndBatch();
    }

    void IEntrySink.Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        var refusal = _log.Admit(header, hash);
        Invariant.Check(refusal == ReplicaRefusal.None, "the writer's own replica admits what the writer sequenced");
        _port.Write(header, hash, encodedEntry);
    }

    private void Hear(bool heard, ReplicaId from)
    {
        if (heard)
        {
            _lastHeard = _now;
            _attempts = 0;
            _opener = _opener is { HasSealed: false } ? null : _opener;
            Invariant.Check(from != _self, "nobody sends to itself");
        }
    }

    private void Join(ReplicaId from, Join join)
    {
        if (join.Epoch > _log.Promise.Epoch)
        {
            EndReign(DeposedReason.Overtaken);
        }

        Hear(_side.Join(from, join), from);
    }

    private void Seal(ReplicaId from, Seal seal)
    {
        if (seal.Epoch < _log.Promise.Epoch)
        {
            _side.Refuse(from, PeerRefusal.Overtaken);
        }
        else if (!_log.Promise.IsWhole)
        {
            _side.Refuse(from, PeerRefusal.NotWhole);
        }
        else if (!seal.IsForced && HearsWriter)
        {
            _side.Refuse(from, PeerRefusal.WriterAlive);
        }
        else
        {
            EndReign(_writer is { HasAbdicated: true } ? DeposedReason.HandedOver : DeposedReason.Overtaken);
            _lastHeard = _now;
            var end = _side.Seal(seal.Epoch);
            _port.Send(from, new Sealed(seal.Epoch, end.Last, end.LastHash, end.LastEpoch));
        }
    }

    private void Refused(ReplicaId from, Refused refused)
    {
        if (_writer is { } writer)
        {
            if (writer.Refused(from, refused))
            {
                Depose(writer.HasAbdicated ? DeposedReason.HandedOver : DeposedReason.Overtaken);
            }
        }
        else if (_opener is not null && refused.Reason is PeerRefusal.WriterAlive or PeerRefusal.Overtaken)
        {
            GiveUp();
        }
        else if (_opener is { } opener && refused.Reason == PeerRefusal.NotHeld)
        {
            opener.NotHeld(from);
        }
        else if (refused.Reason == PeerRefusal.NotHeld && _log.Joined is { } reign && reign.Writer == from)
        {
            _port.WantSnapshot(from);
        }
        else if (refused.Reason == PeerRefusal.SteppedDown && _log.Joined?.Epoch == refused.Promised)
        {
            Gone(from, _now);
        }
    }

    private void TakeOver(ReplicaId from, HandOver handOver)
    {
        if (Role == NodeRole.Follower && _log.Joined is { } reign && reign.Epoch == handOver.Epoch && reign.Writer == from)
        {
            Stand(handOver);
        }
    }

    private void Stand(HandOver? handOver)
    {
        _attempts++;
        _opener = new Opener(_self, _log, _side, _port, handOver, _now);
        _port.ReadRegister();
    }

    // Another attempt comes after another silence, of another length.
    private void GiveUp()
    {
        _opener = null;
        _lastHeard = _now;
    }

    private void Win(ulong version, JournalConfiguration configuration)
    {
        var epoch = configuration.Current!;
        _opener = null;
        if (_log.Promise.Epoch >= epoch.Epoch)
        {
            // While the register decided, a later reign was promised here: this one is over before it began.
            _lastHeard = _now;
            return;
        }

        var promise = new ReplicaPromise(epoch.Epoch, IsSealed: false);
        _side.MakeDurable();
        _port.Promise(promise);
        _log.Adopt(promise);
        _side.Begin(new Reign(epoch.Epoch, _self, epoch.Start, epoch.StartHash));
        _attempts = 0;
        _won = (version, configuration);
        _side.Commit(epoch.Start.Previous);
        _port.Won(epoch);
    }

    private void Depose(DeposedReason reason)
    {
        EndReign(reason);
        _log.Leave();
        _lastHeard = _now;
    }

    // Whatever this node was trying or doing for a reign, it does no more.
    private void EndReign(DeposedReason reason)
    {
        _opener = null;
        if (_writer is not null || _won is not null)
        {
            (_writer, _won, Configuration) = (null, null, null);
            _port.Deposed(reason);
        }
    }
}
