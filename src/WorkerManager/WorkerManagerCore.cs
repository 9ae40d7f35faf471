#pragma warning disable CA1822 // Signatures first: the bodies of this skeleton follow.
using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// One partition of the worker manager, pure: no clock, disk, network, thread or randomness of its own. Stepped by one
/// caller at a time.
/// </summary>
public sealed class WorkerManagerCore
{
    /// <summary>An empty partition, before its first entry.</summary>
    public WorkerManagerCore(PartitionId partition, CoreOptions options)
    {
        Partition = partition;
        Options = options;
        State = new PartitionState(partition);
    }

    /// <summary>Which partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>What this node leads by.</summary>
    public CoreOptions Options { get; }

    /// <summary>The tables; read them only between steps.</summary>
    public PartitionState State { get; }

    /// <summary>The position of the last applied entry.</summary>
    public SequenceNumber Applied => State.Applied;

    /// <summary>The incremental hash of <see cref="State"/>.</summary>
    public StateHash Hash => default;

    /// <summary>When a <see cref="Tick"/> is due, or null.</summary>
    public JournalTime? NextTimer => null;

    /// <summary>Applies an entry that a journal holds: replay, or following another leader.</summary>
    /// <exception cref="StateDivergedException">A journaled state hash differs from this state's.</exception>
    /// <exception cref="UnknownEntryException">A newer program wrote the entry.</exception>
    public void Apply(in EntryContext context, Entry entry) => throw new NotSupportedException();

    /// <summary>Passes over a journal entry that is not the worker manager's (a fence): the position and time move on, nothing else.</summary>
    public void Skip(in EntryContext context) => throw new NotSupportedException();

    /// <summary>Begins a reign on the replayed state: journals the claim and gives every lease its full time anew.</summary>
    public void Lead(Epoch epoch, string node, JournalTime now, StepOutput output) => throw new NotSupportedException();

    /// <summary>Decides a command, applies what it decided, and says what to journal and to do. Clears <paramref name="output"/> first.</summary>
    public void Step(Command command, JournalTime now, StepOutput output) => throw new NotSupportedException();

    /// <summary>Computes the state's hash from all records; equals <see cref="Hash"/>.</summary>
    public StateHash RecomputeHash() => default;

    /// <summary>Writes the whole state in canonical bytes, record by record.</summary>
    public void WriteSnapshot(IBufferWriter<byte> destination) => throw new NotSupportedException();

    /// <summary>The state that <see cref="WriteSnapshot"/> wrote, with the same hash and the same future. For a snapshot in parts, see <see cref="SnapshotReader"/>.</summary>
    public static WorkerManagerCore Restore(PartitionId partition, CoreOptions options, ReadOnlySequence<byte> snapshot) =>
        throw new NotSupportedException();
}
