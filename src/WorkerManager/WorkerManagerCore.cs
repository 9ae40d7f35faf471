using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// One partition of the worker manager, pure: no clock, disk, network, thread or randomness of its own. Stepped by one
/// caller at a time. The same commands at the same times on the same state give the same entries and effects.
/// </summary>
public sealed class WorkerManagerCore
{
    private readonly Reign reign;

    /// <summary>An empty partition, before its first entry.</summary>
    public WorkerManagerCore(PartitionId partition, CoreOptions options)
    {
        Options = options;
        State = new PartitionState(partition);
        reign = new Reign(State, options);
    }

    /// <summary>Which partition.</summary>
    public PartitionId Partition => State.Partition;

    /// <summary>What this node leads by.</summary>
    public CoreOptions Options { get; }

    /// <summary>The tables; read them only between steps.</summary>
    public PartitionState State { get; }

    /// <summary>The position of the last applied entry.</summary>
    public SequenceNumber Applied => State.Applied;

    /// <summary>The incremental hash of <see cref="State"/>.</summary>
    public StateHash Hash => State.Hasher.Hash;

    /// <summary>When a <see cref="Tick"/> is due, or null. May lie in the past: then at once.</summary>
    public JournalTime? NextTimer => IsLeading && FollowUp.IsDue(reign) ? State.Time : State.Timers.First?.Due;

    /// <summary>True from <see cref="Lead"/> on.</summary>
    public bool IsLeading => reign.Epoch.Value > 0;

    /// <summary>Applies an entry that a journal holds: replay, or following another leader. Never after <see cref="Lead"/>.</summary>
    /// <exception cref="StateDivergedException">A journaled state hash differs from this state's.</exception>
    /// <exception cref="UnknownEntryException">A newer program wrote the entry.</exception>
    public void Apply(in EntryContext context, Entry entry)
    {
        Invariant.Check(!IsLeading, "a leader applies only what it decides");
        EntryApplication.Apply(State, context, entry);
    }

    /// <summary>Passes over a journal entry that is not the worker manager's (a fence): the position and time move on, nothing else.</summary>
    public void Skip(in EntryContext context)
    {
        Invariant.Check(!IsLeading, "a leader applies only what it decides");
        EntryApplication.Skip(State, context);
    }

    /// <summary>
    /// Begins a reign on the replayed state, once: journals the claim and gives every lease its full time anew. Clears
    /// <paramref name="output"/> first.
    /// </summary>
    public void Lead(Epoch epoch, string node, JournalTime now, StepOutput output)
    {
        Invariant.Check(!IsLeading, "a core leads once");
        reign.Begin(now, output);
        Succession.Begin(reign, epoch, node);
        FollowUp.Run(reign);
    }

    /// <summary>Decides a command, applies what it decided, and says what to journal and to do. Clears <paramref name="output"/> first.</summary>
    /// <remarks>The entries are one atomic append, at <see cref="StepOutput.FirstPosition"/>. If it cannot be committed, this core is to be thrown away.</remarks>
    public void Step(Command command, JournalTime now, StepOutput output)
    {
        Invariant.Check(IsLeading || command is Explain, "only a leader decides; a dry run may be asked of any state");
        reign.Begin(now, output);
        CommandDispatch.Decide(reign, command);
        if (IsLeading)
        {
            FollowUp.Run(reign);
        }
    }

    /// <summary>Computes the state's hash from all records; equals <see cref="Hash"/>.</summary>
    public StateHash RecomputeHash() => SnapshotRecords.HashAll(State);

    /// <summary>Writes the whole state in canonical bytes, record by record: equal states give equal bytes.</summary>
    public void WriteSnapshot(IBufferWriter<byte> destination) => SnapshotWriter.Write(State, destination);

    /// <summary>The state that <see cref="WriteSnapshot"/> wrote, with the same hash and the same future. For a snapshot in parts, see <see cref="SnapshotReader"/>.</summary>
    public static WorkerManagerCore Restore(PartitionId partition, CoreOptions options, ReadOnlySequence<byte> snapshot)
    {
        var reader = new SnapshotReader(partition, options);
        foreach (var part in snapshot)
        {
            reader.Read(part.Span);
        }

        return reader.Complete();
    }
}
