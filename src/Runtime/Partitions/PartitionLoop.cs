using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Loops;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Partitions;

/// <summary>
/// The leader's loop: decide on the speculative state, append, flush once for the whole batch, and let out, in order, what the commit has
/// reached. Nothing that depends on an entry leaves before that entry is committed, in this batch or in a later one.
/// </summary>
internal sealed class PartitionLoop : ICombiningHandler<PartitionWork>
{
    private readonly WorkerSessions _sessions;
    private readonly JournalClock _clock;
    private readonly PartitionTimer _timer;
    private readonly Action<Exception> _failed;
    private readonly Action<SequenceNumber> _committed;
    private readonly StepOutput _output = new();
    private readonly EntryArena _arena = new();
    private readonly Queue<Held> _held = [];
    private readonly Dictionary<CallId, PendingCall<Outcome>> _calls = [];
    private readonly JournalFence _fence;

    public PartitionLoop(
        WorkerManagerCore core,
        JournalEngine engine,
        JournalFence fence,
        JournalClock clock,
        WorkerSessions sessions,
        PartitionTimer timer,
        Action<SequenceNumber> committed,
        Action<Exception> failed)
    {
        Core = core;
        Engine = engine;
        _fence = fence;
        _clock = clock;
        _sessions = sessions;
        _timer = timer;
        _committed = committed;
        _failed = failed;
    }

    public WorkerManagerCore Core { get; }

    public JournalEngine Engine { get; }

    /// <summary>Begins the reign: the claim is durable on return.</summary>
    public void Lead(string node)
    {
        Core.Lead(Engine.Epoch, node, _clock.Now, _output);
        Append();
        EndBatch();
    }

    public void Expect(CallId call, PendingCall<Outcome> pending) => _calls.Add(call, pending);

    /// <summary>Answers when everything that the state has seen until now is committed.</summary>
    public void AfterCommit(IHeldAnswer answer) => _held.Enqueue(new Held(Engine.Tail.Previous, null, answer));

    public void Step(Command command)
    {
        Core.Step(command, _clock.Now, _output);
        Append();
    }

    public void Handle(PartitionWork item) => item.Run(this);

    public void EndBatch()
    {
        Engine.Flush();
        ReleaseCommitted();
        _timer.Arm(Core.NextTimer, _clock.Now);
        _committed(Engine.Committed);
    }

    public void Fail(Exception fault)
    {
        // In doubt, all of them: their entries may be durable. The caller asks again with the same id.
        var unknown = PartitionFailedException.From(fault);
        foreach (var call in _calls.Values)
        {
            call.Fault(unknown);
        }

        _calls.Clear();
        foreach (var held in _held)
        {
            held.Answer?.Fail(unknown);
        }

        _held.Clear();
        _failed(fault);
    }

    public void Reject(PartitionWork item, Exception fault) => item.Reject(PartitionFailedException.From(fault));

    private void Append()
    {
        if (_output.Entries.Count > 0)
        {
            var request = new AppendRequest
            {
                Payloads = _arena.Encode(_output.Entries),
                Fence = _fence,
                ProducerVersion = EntryFormat.Version,
            };
            var result = Engine.Append(request, _output.Time);
            Invariant.Check(result.Status == AppendStatus.Ok, "the leader's own journal takes its entries");
            Invariant.Check(result.First == _output.FirstPosition, "the journal gives the positions that the core assumed");
            Invariant.Check(Engine.LastTime == _output.Time, "the journal keeps the stamp that the core decided by");
        }

        var after = Engine.Tail.Previous;
        foreach (var effect in _output.Effects)
        {
            _held.Enqueue(new Held(after, effect, null));
        }
    }

    private void ReleaseCommitted()
    {
        var committed = Engine.Committed;
        while (_held.TryPeek(out var held) && held.After <= committed)
        {
            _held.Dequeue();
            held.Answer?.Release();
            if (held.Effect is { } effect)
            {
                Release(effect);
            }
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
                _sessions.Send(toWorker);
                break;
            default:
                Invariant.Unreachable("every kind of effect is released");
                break;
        }
    }

    /// <summary>What may leave once the commit has reached <paramref name="After"/>: an effect, or an answer.</summary>
    private readonly record struct Held(SequenceNumber After, Effect? Effect, IHeldAnswer? Answer);
}
