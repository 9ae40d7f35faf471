using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Reading;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// One replica of a journal on this machine, and whoever uses it: the pure protocol (<see cref="JournalNode"/>) joined to storage, links, register
/// and readers. Inputs and <see cref="EndBatch"/> are for one thread at a time, the loop that owns it; reading is for any thread and sees
/// committed entries only.
/// </summary>
/// <remarks>
/// Order at the end of a batch, and the reason nothing is told too early: entries leave for the others, write and data sync, then the watermark (so
/// that whatever was answered is known to have been answered, even after kill -9), then the quorum, then readers, and then the loop's answers.
/// Any storage fault leaves the engine failed: the process must end and recover from what is on disk.
/// </remarks>
public sealed class JournalEngine : IAsyncDisposable
{
    private readonly JournalEngineOptions _options;
    private readonly IConfigRegister _register;
    private readonly ReplicaStore _store;
    private readonly RecentEntries _recent = new();
    private readonly CommitSignal _signal;
    private readonly CommittedEntries _entries;
    private readonly HostedReplica? _replica;
    private readonly ReplicaPort _port;
    private readonly JournalNode _node;
    private readonly HandOver _handOver;
    private readonly SnapshotCatchUp _catchUp;
    private readonly long _started;
    private RegisterCalls? _questions;
    private EngineTimer? _timer;
    private Formation? _formation;
    private IJournalUser? _user;
    private JournalState? _state;
    private JournalRetention? _retention;
    private bool _leads;
    private long _applied;
    private ulong _epoch;
    private bool _isFresh;
    private long _snapshot;
    private Func<EngineInput, bool> _post = _ => false;

    internal JournalEngine(JournalEngineOptions options, ReplicaStore store, IConfigRegister register, HostedReplica? replica)
    {
        _options = options;
        _store = store;
        _register = register;
        _replica = replica;
        _started = options.Time.GetTimestamp();

        // A snapshot is taken of what is committed only; what lies behind it may be, and the next writer will tell.
        var committed = store.Snapshots.FindNewest(_ => { })?.Applied.Last ?? SequenceNumber.None;
        _signal = new CommitSignal(committed);
        _entries = new CommittedEntries(store, _recent, _signal);
        _port = new ReplicaPort(store, _entries, _recent, _signal, replica);
        _node = new JournalNode(Replica, Id, options.Timings, _port, store.Promise, store.End, committed, TimeSpan.Zero);
        _handOver = new HandOver(_node, member => replica?.NodeNameOf(member));
        _catchUp = new SnapshotCatchUp(store, _entries, (to, message) => replica?.TrySend(to, message), NeedsSnapshot, Installed, options.SnapshotProgress);
        SnapshotTaken(committed);
        _isFresh = HoldsNothing;
    }

    /// <summary>The journal.</summary>
    public JournalId Id => _store.Identity.Journal;

    /// <summary>This replica.</summary>
    public ReplicaId Replica => _store.Identity.Replica;

    /// <summary>How many replicas the journal has; a majority of them holds what is committed.</summary>
    public int Replicas => _options.Group?.Size ?? 1;

    /// <summary>The reign that is led here or followed; the last one between reigns. Any thread.</summary>
    public Epoch Epoch => new(Volatile.Read(ref _epoch));

    /// <summary>True while this node may append. Loop only.</summary>
    public bool Leads => _leads && _handOver.Successor is null && _node.Sequencer is not null;

    /// <summary>What the node is in the protocol. Loop only.</summary>
    public NodeRole Role => _node.Role;

    /// <summary>
    /// True while this node may lead soon, or has lost whom it followed: whoever wants the leader had better wait a moment. Not after it has lost the
    /// journal itself: then the others are likelier to know. Loop only.
    /// </summary>
    public bool IsUndecided => Role is NodeRole.Opener or NodeRole.Writer || (!_leads && _node.Reign is not null && LeaderAddress is null);

    /// <summary>A writer's view of the other replicas; empty for others. Loop only.</summary>
    public IReadOnlyCollection<PeerProgress> Peers => _node.Peers;

    /// <summary>A writer's view of replicas at connected nodes that it does not send anything to; empty for others. Loop only.</summary>
    public IEnumerable<ReplicaId> Spares => _leads && _replica is { } own ? own.Known.Where(known => known != Replica && Peers.All(peer => peer.Replica != known)) : [];

    /// <summary>Where clients reach the writer, if another node reigns, or is about to by a hand-over from here, and is known; else null. Loop only.</summary>
    public string? LeaderAddress => (_handOver.Successor ?? (_leads ? null : OtherWriter)) is { } writer ? _replica?.ClientAddressOf(writer) : null;

    /// <summary>Next position to be given out, for a writer; what is behind the committed ones, for a follower. Loop only.</summary>
    public SequenceNumber Tail => _node.Sequencer?.Tail ?? Committed.Next;

    /// <summary>Stamp of the last entry. Loop only.</summary>
    public JournalTime LastTime => _node.Sequencer?.LastTime ?? _state!.LastTime;

    /// <summary>The fence, as of the last entry written, for a writer; as of the last one committed, for a follower. Loop only.</summary>
    public JournalFence Fence => _node.Sequencer?.Fence ?? _state!.Fence;

    /// <summary>Last committed position that is held here. Any thread.</summary>
    public SequenceNumber Committed => _signal.Committed;

    /// <summary>Last position that the user has been shown, or has written itself and that is committed. Any thread.</summary>
    public SequenceNumber Applied => new((ulong)Volatile.Read(ref _applied));

    /// <summary>First position that can be read. Any thread.</summary>
    public SequenceNumber Head => _entries.Head;

    /// <summary>What opening found that an operator should know.</summary>
    public IReadOnlyList<string> RecoveryReport => _replica?.LostVote is { } lost ? [.. _store.Report, lost] : _store.Report;

    /// <summary>Whole snapshots; any thread.</summary>
    public SnapshotDirectory Snapshots => _store.Snapshots;

    /// <summary>Since start. Any thread.</summary>
    public JournalCounters Counters => _port.Counters;

    /// <summary>True if the register holds more reigns than it should: a snapshot would let them be forgotten. Loop only.</summary>
    public bool HasManyReigns => Retention.HasManyReigns;

    /// <summary>True if nothing was ever promised or held here: the replica of a new journal, or a spare.</summary>
    internal bool IsFresh => Volatile.Read(ref _isFresh);

    /// <summary>Time since the engine was made, by which reigns are measured.</summary>
    internal TimeSpan Now => _options.Time.GetElapsedTime(_started);

    /// <summary>
    /// Judges and appends (see <see cref="Sequencer.Append"/>); only while <see cref="Leads"/>. The result may be told once
    /// <see cref="Committed"/> has reached its <see cref="AppendResult.AnswerAfter"/>, and never if the reign ends before.
    /// </summary>
    public AppendResult Append(in AppendRequest request, JournalTime now) => _node.Append(request, now);

    /// <summary>Raises the fence (see <see cref="Sequencer.RaiseFence"/>); only while <see cref="Leads"/>.</summary>
    public AppendResult RaiseFence(JournalFence fence, JournalFence expected, JournalTime now) =>
        _node.RaiseFence(fence, expected, now);

    /// <summary>
    /// Sends, makes durable, acknowledges, and lets the user know of everything that this brings about: entries to apply, a reign that begins or ends.
    /// A sole replica's appends are committed on return.
    /// </summary>
    /// <exception cref="StorageFaultException">It may or may not be durable, and nobody may be told that it is. Final.</exception>
    public void EndBatch()
    {
        try
        {
            _node.SnapshotTaken(NewestSnapshot);
            do
            {
                _node.EndBatch(Now);
            }
            while (Settle());
            _port.EndBatch();
        }
        catch (Exception fault)
        {
            _signal.Fail(fault);
            throw;
        }
    }

    /// <summary>True if a majority has confirmed this reign at or after <paramref name="since"/>: what the state said then was the newest. Loop only.</summary>
    public bool IsConfirmed(TimeSpan since) => _node.ConfirmedAt(Now) >= since;

    /// <summary>Asks the others for the sign that <see cref="IsConfirmed"/> waits for; may be repeated. Loop only.</summary>
    public void Confirm(TimeSpan since) => _node.Confirm(since, Now);

    /// <summary>
    /// Shows committed entries from <paramref name="from"/> on, in order, until <paramref name="visit"/> says no or the committed
    /// tail is reached; returns the next position to ask for. Any thread.
    /// </summary>
    /// <exception cref="PositionTrimmedException"><paramref name="from"/> lies before the head.</exception>
    public SequenceNumber Read(SequenceNumber from, EntryReader visit) => _entries.Read(from, visit);

    /// <summary>Completes when <paramref name="position"/> is committed. Any thread.</summary>
    public Task WaitForCommitAsync(SequenceNumber position, CancellationToken cancellation) =>
        _signal.WaitAsync(position, cancellation);

    /// <summary>The newest whole snapshot, standing at the user's part; null if there is none. Dispose it. Any thread.</summary>
    public SnapshotReader? OpenNewestSnapshot()
    {
        if (Snapshots.FindNewest(_ => { }) is not { } header)
        {
            return null;
        }

        var reader = Snapshots.Open(header.Applied.Last);
        SnapshotPayload.ReadJournalState(reader);
        return reader;
    }

    /// <summary>
    /// Drops what lies below <paramref name="below"/> and below the newest whole snapshot here, as far as whole files allow; a writer among several
    /// also keeps what no majority has a snapshot of. Loop only. Returns the new head.
    /// </summary>
    public SequenceNumber Trim(SequenceNumber below) => Retention.Trim(below);

    /// <summary>Takes closed reigns out of the register that the older of the two kept snapshots covers, once there are many. Loop only.</summary>
    public void ForgetOldReigns() => Retention.ForgetOldReigns();

    /// <summary>Position of the newest whole snapshot here; none if there is none. Any thread.</summary>
    public SequenceNumber NewestSnapshot => new((ulong)Volatile.Read(ref _snapshot));

    /// <summary>A snapshot was published here: the writer is told with the next acknowledgement. Any thread.</summary>
    public void SnapshotTaken(SequenceNumber position) => Volatile.Write(ref _snapshot, (long)position.Value);

    /// <summary>
    /// Hands the reign over to another replica, without waiting for a lease to run out: a planned stop, or an operator's wish. Until it has ended
    /// nothing is appended here. Any thread.
    /// </summary>
    /// <param name="node">The successor's node; null: whichever holds most.</param>
    /// <param name="patience">How long the successor may take to come to hold everything.</param>
    public async Task<HandOverOutcome> HandOverAsync(string? node, TimeSpan patience)
    {
        var ended = new TaskCompletionSource<HandOverOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _post(new EngineAction(_ => _handOver.Begin(node, nextReplicas: null, Now + patience, ended))) ? await ended.Task : HandOverOutcome.Failed;
    }

    /// <summary>Replaces a replica online (see <see cref="ReplicaReplacing"/>). Only while this node leads. Any thread.</summary>
    /// <exception cref="JournalNotLedException">Another node leads: ask that one; what was done already is found and kept.</exception>
    /// <exception cref="ReplacementFailedException">It cannot be done, or did not come to its end, and why.</exception>
    public Task<ReplacementProgress> ReplaceReplicaAsync(ReplicaReplacement wanted, Action<ReplacementProgress> progress, CancellationToken cancellation) =>
        _replica is { } replica && _options.Group is { } group
            ? new ReplicaReplacing(_node, _handOver, replica, group.Router.Node, _register, _post, _options.Time).RunAsync(wanted, progress, cancellation)
            : throw new ReplacementFailedException("this node is alone and keeps the only replica: there is none to replace it with");

    /// <summary>Name of the node of a replica; null if it is not connected. Any thread.</summary>
    public string? NodeNameOf(ReplicaId replica) => _replica?.NodeNameOf(replica);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_formation is not null)
        {
            await _formation.DisposeAsync();
        }

        _timer?.Dispose();
        _catchUp.Dispose();
        _questions?.Dispose();
        _handOver.Abandon();
        _signal.Fail(new ObjectDisposedException(nameof(JournalEngine), "The journal was closed."));
        await _register.DisposeAsync();
        _replica?.Dispose();
        _store.Dispose();
    }

    /// <summary>
    /// Begins, before anything else reaches the loop: shows the user the newest snapshot, and comes to reign at once if this is the only replica.
    /// Blocks for as long as the replay takes.
    /// </summary>
    /// <param name="user">Whose journal it is.</param>
    /// <param name="post">Puts an input into the loop's mailbox; false if it is full.</param>
    internal void Begin(IJournalUser user, Func<EngineInput, bool> post)
    {
        (_user, _post) = (user, post);
        _questions = new RegisterCalls(_register, post);
        _retention = new JournalRetention(_node, _store, _entries, _questions);
        Restart();
        if (_options.Group is null)
        {
            _node.Founders = [Replica];
            _node.Stand(Now);
        }

        EndBatch();
        if (_options.Group is { } group)
        {
            // From here on the loop is driven by what the others say and by time.
            _replica!.Begin(this, post);
            _timer = new EngineTimer(_options.Time, _options.Timings.Heartbeat / 2, post);
            _formation = new Formation(group, _replica, _register, post, _options.Time);
            _formation.Begin();
        }
        else if (!_leads)
        {
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"the replica has promised epoch {_store.Promise.Epoch}, but by its register an older one is the newest: the register is older than the replica, or of other replicas; restore both from the same copy");
        }
    }

    internal void Receive(ReplicaId from, PeerMessage message)
    {
        if (message is SnapshotPart part)
        {
            _catchUp.Receive(from, part, Now);
        }
        else
        {
            _node.Receive(from, message, Now);
        }
    }

    internal void PeerMoved(ReplicaId replica, bool isReached)
    {
        if (isReached)
        {
            _node.Reached(replica, Now);
        }
        else
        {
            _node.Gone(replica, Now);
        }
    }

    internal void Tick()
    {
        _timer?.Handled();
        _catchUp.Tick(Now);
        _node.Tick(Now);
    }

    /// <summary>This node begins the journal, together with these.</summary>
    internal void Found(IReadOnlyList<ReplicaId> founders)
    {
        _node.Founders = founders;
        _node.Stand(Now);
    }

    private JournalRetention Retention => _retention ?? throw new InvariantViolationException("a journal is begun before it is used");

    private bool HoldsNothing => _store.End.Last == SequenceNumber.None && _store.Promise == ReplicaPromise.None;

    // What the protocol has noted while it stepped; true if more may follow from it.
    private bool Settle()
    {
        var more = false;
        _handOver.Continue(Now);
        if (_port.End is { } reason)
        {
            _port.End = null;
            EndReign(reason);
        }

        if (!_leads)
        {
            ApplyCommitted();
        }

        if (_port.Claim is { } claim)
        {
            _port.Claim = null;
            Lead(claim);
            more = true;
        }

        if (_port.SnapshotSource is { } source)
        {
            _port.SnapshotSource = null;
            _catchUp.Begin(source, Now);
        }

        if (_port.Question is { } question)
        {
            _port.Question = null;
            more |= _questions!.Ask(question, _node, () => Now);
        }

        Volatile.Write(ref _isFresh, _isFresh && HoldsNothing);
        Volatile.Write(ref _epoch, (_node.Reign?.Epoch ?? _node.Promise.Epoch).Value);
        Volatile.Write(ref _applied, (long)(_leads ? Committed : _state!.Applied).Value);
        return more;
    }

    private void Lead(EpochRecord reign)
    {
        Invariant.Check(_state!.Applied == reign.Start.Previous, "a new writer knows everything before its reign");
        _node.Lead(_state, Now);
        _leads = true;
        Volatile.Write(ref _epoch, reign.Epoch.Value);
        _user!.Lead();
    }

    // One that went silent is not named: callers would be sent to a process that is stopped, and back.
    private ReplicaId? OtherWriter => _node.Reign is not { } reign || reign.Writer == Replica ? _handOver.Heir : _node.MissesWriter(Now) ? null : reign.Writer;

    private void EndReign(DeposedReason reason)
    {
        if (_leads)
        {
            _leads = false;
            _handOver.Ended(reason);
            _user!.Deposed(reason);
            Restart();
        }
    }

    // Whoever takes part in a reign holds what the writer counts on. Whoever parted from its history has left it: what is held is not the journal.
    private bool NeedsSnapshot(SnapshotHeader snapshot) =>
        snapshot.Applied.Last > Committed && (_node.Reign is null || snapshot.Applied.Last > _node.End.Last);

    private void Installed(SnapshotHeader snapshot)
    {
        _recent.Clear();
        SnapshotTaken(snapshot.Applied.Last);
        _node.SnapshotInstalled(snapshot.Applied, Now);
        Restart();
    }

    // Back to what is committed: the newest snapshot, and the entries behind it.
    private void Restart()
    {
        _user!.Reset();
        _state = JournalReplay.Begin(Snapshots, Committed, _user, out _) ?? new JournalState();
    }

    private void ApplyCommitted() => new JournalFollowing(_recent, _store, _options.Progress).Follow(_state!, _user!, Committed.Next);
}
