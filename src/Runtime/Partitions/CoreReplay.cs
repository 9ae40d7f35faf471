using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Runtime.Journals;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Entries;
using StoredSnapshot = ControlPlane.Journal.Snapshots.SnapshotReader;

namespace ControlPlane.Runtime.Partitions;

/// <summary>Rebuilds a worker manager from its journal: the same code at start, for a snapshot, and for a question about the past.</summary>
public sealed class CoreReplay(PartitionId partition, CoreOptions options) : IReplay
{
    private const int PieceBytes = 1 << 20;

    /// <summary>The state so far.</summary>
    public WorkerManagerCore Core { get; private set; } = new(partition, options);

    /// <inheritdoc/>
    public void Restore(StoredSnapshot snapshot)
    {
        var restoring = new SnapshotReader(partition, options);
        var piece = new byte[PieceBytes];
        for (var read = snapshot.Read(piece); read > 0; read = snapshot.Read(piece))
        {
            restoring.Read(piece.AsSpan(0, read));
        }

        Core = restoring.Complete();
        if (Core.Hash.Value != snapshot.Header.StateHash)
        {
            throw new StateDivergedException(Core.Applied, new StateHash(snapshot.Header.StateHash), Core.Hash);
        }
    }

    /// <inheritdoc/>
    public void Apply(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        var context = new EntryContext(header.Sequence, header.Epoch, header.Time);
        if (header.Type != EntryType.User)
        {
            Core.Skip(context);
            return;
        }

        if (header.ProducerVersion > EntryFormat.Version)
        {
            throw new UnknownEntryException(header.Sequence);
        }

        Core.Apply(context, Parse(payload));
    }

    /// <summary>One entry as it is in a journal.</summary>
    public static Entry Parse(ReadOnlySpan<byte> payload) => Entry.Parser.ParseFrom(payload);
}
