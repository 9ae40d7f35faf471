using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// The leading side of a partition: the state, and the soft things that only a leader has (sessions, waiting requests,
/// timers). Decisions write here what is to be journaled and done; nothing soft ever affects how an entry is applied.
/// </summary>
internal sealed class Reign(PartitionState state, CoreOptions options)
{
    private StepOutput? output;

    public PartitionState State { get; } = state;

    public CoreOptions Options { get; } = options;

    public TimerQueue Timers => State.Timers;

    public WaitingRoom Waiting { get; } = new(state);

    public Sessions Sessions { get; } = new();

    public RecentCalls RecentCalls { get; } = new();

    public RefillShaper Refill { get; } = new(options);

    public Placement Placement { get; } = new(options);

    public AllocationPlan Plan { get; } = new();

    public CanonicalWriter Scratch { get; } = new();

    public Epoch Epoch { get; set; }

    /// <summary>The step's time: the caller's clock, never before the last entry.</summary>
    public JournalTime Now { get; private set; }

    /// <summary>The last entry before this step.</summary>
    public SequenceNumber StepStart { get; private set; }

    /// <summary>The sandbox that became ready in this step.</summary>
    public Sandbox? JustBooted { get; set; }

    /// <summary>True if a slot or a limit became free, so that any function's waiting requests may be served.</summary>
    public bool RoomChanged { get; set; }

    public int EntryCount => output!.Entries.Count;

    public void Begin(JournalTime now, StepOutput stepOutput)
    {
        stepOutput.Clear();
        output = stepOutput;
        Now = JournalTime.Max(now, State.Time);
        StepStart = State.Applied;
        output.Time = Now;
        output.FirstPosition = StepStart.Next;
        JustBooted = null;
    }

    /// <summary>Journals an entry and applies it at once: the speculative state is the only state. Returns its position.</summary>
    public SequenceNumber Emit(Entry entry)
    {
        var position = State.Applied.Next;
        EntryApplication.Apply(State, new EntryContext(position, Epoch, Now), entry);
        output!.Entries.Add(entry);
        return position;
    }

    public void Do(Effect effect) => output!.Effects.Add(effect);

    public void Reply(CallId call, Outcome outcome) => output!.Effects.Add(new Reply(call, outcome));

    public SandboxId IdOf(Sandbox sandbox) => new(State.Partition, sandbox.Position);
}
