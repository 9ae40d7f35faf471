using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Loops;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;
using StoredSnapshot = ControlPlane.Journal.Snapshots.SnapshotReader;

namespace ControlPlane.Runtime.Partitions;

/// <summary>
/// A partition's loop. While its node follows, it applies what is committed. While it leads, it decides on the speculative state, appends, flushes
/// once for the whole batch, and lets out, in order, what the commit has reached: nothing that depends on an entry leaves before that entry is
/// committed, in this batch or in a later one. When it is deposed, the speculative state is thrown away.
/// </summary>
internal sealed class PartitionLoop(
    PartitionHostOptions options, JournalEngine engine, TimeProvider time, WorkerSessions sessions, PartitionTimer timer, PartitionWatch watch)
    : ICombiningHandler<PartitionWork>, IJournalUser
{
    private readonly StepOutput _output = new();
    private readonly EntryArena _arena = new();
    private readonly HeldAnswers _held = new(engine);
    private readonly Dictionary<CallId, PendingCall<Outcome>> _calls = [];
    private CoreReplay _replay = new(options.Partition, options.Core);
    private JournalClock _clock = new(time, default);
    private JournalFence _fence;

    /// <summary>The state: speculative while the node leads, else what is committed.</summary>
    public WorkerManagerCore Core => _replay.Core;

    public JournalEngine Engine => engine;

    public bool Leads => engine.Leads && Core.IsLeading;

    /// <summary>Why a command is not taken while another node leads.</summary>
    public Rejection NotLeader() => new(
        RejectionReason.NotLeader,
        engine.LeaderAddress is { } leader ? $"this node does not lead partition {options.Partition}; ask {leader}" : $"this node does not lead partition {options.Partition}, and does not know who does; ask another, or again in a moment",
        [new("leader", engine.LeaderAddress ?? "")]);

    public void Expect(CallId call, PendingCall<Outcome> pending) => _calls.Add(call, pending);

    /// <summary>
    /// Answers when everything that the state has seen until now is true for good: committed, and this node still its leader. What a follower knows
    /// is committed already.
    /// </summary>
    public void AfterCommit(IHeldAnswer answer)
    {
        if (Leads)
        {
            _held.Add(answer);
        }
        else
        {
            answer.Release();
        }
    }

    /// <summary>Only while it leads.</summary>
    public void Step(Command command)
    {
        Core.Step(command, _clock.Now, _output);
        Append();
    }

    public void Handle(PartitionWork item) => item.Run(this);

    public void EndBatch()
    {
        engine.EndBatch();
        _held.Release(Release);
        if (_held.AwaitsConfirmation is { } since)
        {
            engine.Confirm(since);
        }

        timer.Arm(Leads ? Core.NextTimer : null, _clock.Now);
        watch.Committed(engine);
    }

    public void Fail(Exception fault)
    {
        GiveUp(PartitionFailedException.From(fault));
        watch.Failed(fault);
    }

    public void Reject(PartitionWork item, Exception fault) => item.Reject(PartitionFailedException.From(fault));

    void IReplay.Restore(StoredSnapshot snapshot) => _replay.Restore(snapshot);

    void IReplay.Apply(in EntryHeader header, ReadOnlySpan<byte> payload) => _replay.Apply(header, payload);

    void IJournalUser.Reset() => _replay = new CoreReplay(options.Partition, options.Core);

    void IJournalUser.Lead()
    {
        _clock = new JournalClock(time, engine.LastTime);
        _fence = new JournalFence(engine.Epoch.Value);
        var raised = engine.RaiseFence(_fence, engine.Fence, _clock.Now);
        Invariant.Check(raised.Fence == _fence, "a new reign's fence is above every older one");
        Core.Skip(new EntryContext(raised.First, engine.Epoch, engine.LastTime));
        Core.Lead(engine.Epoch, options.Node, _clock.Now, _output);
        Append();
        watch.Leads();
    }

    void IJournalUser.Deposed(DeposedReason reason)
    {
        // What is committed may still be told; of the rest nobody knows.
        _held.Release(Release);
        GiveUp(new PartitionDeposedException());

        // In this order: a session that is opened meanwhile either sees that the node leads no more, or is ended here.
        var elsewhere = NotLeader();
        watch.Deposed(elsewhere);
        sessions.CloseAll(elsewhere);
    }

    private void GiveUp(PartitionFailedException unknown)
    {
        // In doubt, all of them: their entries may be durable. The caller asks again with the same id.
        foreach (var call in _calls.Values)
        {
            call.Fault(unknown);
        }

        _calls.Clear();
        _held.Fail(unknown);
    }

    private void Append()
    {
        var hasEntries = _output.Entries.Count > 0;
        if (hasEntries)
        {
            var request = new AppendRequest
            {
                Payloads = _arena.Encode(_output.Entries),
                Fence = _fence,
                ProducerVersion = EntryFormat.Version,
            };
            var result = engine.Append(request, _output.Time);
            Invariant.Check(result.Status == AppendStatus.Ok, "the leader's own journal takes its entries");
            Invariant.Check(result.First == _output.FirstPosition, "the journal gives the positions that the core assumed");
            Invariant.Check(engine.LastTime == _output.Time, "the journal keeps the stamp that the core decided by");
        }

        foreach (var effect in _output.Effects)
        {
            _held.Add(effect, hasEntries);
        }
    }

    private void Release(Effect effect)
    {
        switch (effect)
        {
            case Reply reply:
                if (_calls.Remove(reply.Call, out var pending))
                {
                    pending.Answer(reply.Outcome);
                }

                break;
            case WorkerEffect toWorker:
                sessions.Send(toWorker);
                break;
            default:
                Invariant.Unreachable("every kind of effect is released");
                break;
        }
    }
}
