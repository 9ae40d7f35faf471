using System.Buffers;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Simulation.Serving;

/// <summary>The worker manager's core as a function of its journal, as <c>Runtime/Partitions/CoreReplay</c> rebuilds it.</summary>
internal sealed class PartitionReplay(CoreOptions options) : IStateMachine
{
    public static PartitionId Partition { get; } = new(0);

    public WorkerManagerCore Core { get; private set; } = new(Partition, options);

    public UInt128 Hash => Core.Hash.Value;

    public UInt128 RecomputeHash() => Core.RecomputeHash().Value;

    public void Restore(ReadOnlyMemory<byte> snapshot) =>
        Core = WorkerManagerCore.Restore(Partition, options, new ReadOnlySequence<byte>(snapshot));

    public void Apply(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var context = new EntryContext(header.Sequence, header.Epoch, header.Time);
        if (header.Type == EntryType.User)
        {
            Core.Apply(context, Entry.Parser.ParseFrom(payload));
        }
        else
        {
            Core.Skip(context);
        }
    }

    public void Write(IBufferWriter<byte> snapshot) => Core.WriteSnapshot(snapshot);
}
