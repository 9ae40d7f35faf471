using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.State;

/// <summary>
/// A worker manager rebuilt beside a walk over the entries. Where entries are missing it takes up again at the next snapshot
/// that was offered; until then there is no state.
/// </summary>
internal sealed class ReplayBeside(JournalDirectory journal, uint partition)
{
    private readonly HashSet<SequenceNumber> _snapshots = [];

    /// <summary>The state so far; null where it cannot be known.</summary>
    public CoreReplay? Replay { get; private set; }

    /// <summary>A whole snapshot that may be taken up from.</summary>
    public void Offer(SequenceNumber snapshot) => _snapshots.Add(snapshot);

    /// <summary>True if the state is the one before the entry at <paramref name="next"/>.</summary>
    public bool TakeUp(SequenceNumber next)
    {
        if (Replay is not null && Replay.Core.Applied.Next == next)
        {
            return true;
        }

        Replay = next == SequenceNumber.First ? Empty() : _snapshots.Contains(next.Previous) ? Restore(next.Previous) : null;
        return Replay is not null;
    }

    /// <summary>The state is not to be trusted any more.</summary>
    public void Drop() => Replay = null;

    /// <summary>A state of its own from one snapshot.</summary>
    public CoreReplay Restore(SequenceNumber snapshot)
    {
        var replay = Empty();
        SnapshotRestoring.Restore(journal, snapshot, replay);
        return replay;
    }

    private CoreReplay Empty() => new(new PartitionId(partition), new CoreOptions());
}
