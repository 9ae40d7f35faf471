using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Partitions;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Restores a worker manager from a snapshot file, as a start does.</summary>
internal static class SnapshotRestoring
{
    public static void Restore(JournalDirectory journal, SequenceNumber position, CoreReplay replay)
    {
        using var reader = journal.Replica.Snapshots.Open(position);
        SnapshotPayload.ReadJournalState(reader);
        replay.Restore(reader);
    }
}
