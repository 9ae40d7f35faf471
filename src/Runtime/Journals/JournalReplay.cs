using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;

namespace ControlPlane.Runtime.Journals;

/// <summary>Whoever rebuilds a state from a journal: first a snapshot's bytes, if there is one, then the entries behind it.</summary>
public interface IReplay
{
    /// <summary>Restores the state behind <paramref name="header"/>'s position from the user's part of a snapshot.</summary>
    void Restore(in SnapshotHeader header, Stream payload);

    /// <summary>Applies the next entry.</summary>
    void Apply(in ScannedEntry entry);
}

/// <summary>
/// Rebuilds what a writer must know before its first append: the journal's own state, and the user's beside it, from the newest whole
/// snapshot and the entries behind it. A snapshot's payload is the length of the journal's part (4 bytes), that part, then the user's.
/// </summary>
internal sealed class JournalReplay(ReplicaStore store, IReplay? replay, Action<RecoveryProgress>? progress)
{
    private const int ProgressInterval = 1 << 16;

    public JournalState Run()
    {
        var state = store.Snapshots.FindNewest(_ => { }) is { } header ? Restore(header) : new JournalState();
        var entries = 0L;
        var bytes = 0L;
        store.ReadEntries(state.Applied.Next, store.End.Tail, (in ScannedEntry entry) =>
        {
            state.Apply(entry.Header, entry.Payload);
            replay?.Apply(entry);
            bytes += entry.Encoded.Length;
            if (++entries % ProgressInterval == 0)
            {
                progress?.Invoke(new RecoveryProgress(entries, bytes));
            }

            return true;
        });
        Invariant.Check(state.Applied == store.End.Last, "a replay reaches the verified tail");
        return state;
    }

    private JournalState Restore(SnapshotHeader header)
    {
        using var reader = store.Snapshots.Open(header.Applied.Last);
        using var stream = new SnapshotStream(reader);
        var state = SnapshotPayload.ReadJournalState(stream);
        Invariant.Check(state.Applied == header.Applied.Last, "a snapshot's journal part stands where its header says");
        replay?.Restore(header, stream);
        return state;
    }
}
