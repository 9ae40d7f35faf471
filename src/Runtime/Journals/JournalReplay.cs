using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>Whoever rebuilds a state from a journal: first a snapshot's bytes, if there is one, then the entries behind it.</summary>
public interface IReplay
{
    /// <summary>Restores the state behind the snapshot's position; <paramref name="snapshot"/> stands at the user's part.</summary>
    void Restore(SnapshotReader snapshot);

    /// <summary>Applies the next entry.</summary>
    void Apply(in EntryHeader header, ReadOnlySpan<byte> payload);
}

/// <summary>
/// Rebuilds what a writer must know before its first append: the journal's own state, and the user's beside it, from the newest whole
/// snapshot and the entries behind it.
/// </summary>
internal static class JournalReplay
{
    private const int ProgressInterval = 1 << 16;

    /// <summary>When a journal is opened: from the verified files, up to their end.</summary>
    public static JournalState AtOpening(ReplicaStore store, IReplay? replay, Action<RecoveryProgress>? progress)
    {
        var state = Begin(store.Snapshots, store.End.Last, replay, out _) ?? new JournalState();
        var entries = 0L;
        var bytes = 0L;
        store.ReadEntries(state.Applied.Next, store.End.Tail, (in ScannedEntry entry) =>
        {
            state.Apply(entry.Header, entry.Payload);
            replay?.Apply(entry.Header, entry.Payload);
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

    /// <summary>While it is open: the state behind <paramref name="position"/>, which is committed. Any thread.</summary>
    /// <exception cref="PositionTrimmedException">No snapshot reaches back so far, and the entries are gone.</exception>
    public static JournalState At(JournalEngine engine, SequenceNumber position, IReplay? replay, out JournalEnd end)
    {
        var state = Begin(engine.Snapshots, position, replay, out var snapshotEnd) ?? new JournalState();
        var last = snapshotEnd ?? JournalEnd.Empty(engine.Id);
        while (state.Applied < position)
        {
            engine.Read(state.Applied.Next, (in CommittedEntry entry) =>
            {
                state.Apply(entry.Header, entry.Payload);
                replay?.Apply(entry.Header, entry.Payload);
                if (state.Applied == position)
                {
                    last = JournalEnd.Behind(entry.Header, entry.Hash);
                }

                return state.Applied < position;
            });
        }

        end = last;
        return state;
    }

    /// <summary>Restores the newest whole snapshot at or before <paramref name="position"/>; null if there is none.</summary>
    private static JournalState? Begin(SnapshotDirectory snapshots, SequenceNumber position, IReplay? replay, out JournalEnd? end)
    {
        if (snapshots.FindNewest(position, _ => { }) is not { } header)
        {
            end = null;
            return null;
        }

        using var reader = snapshots.Open(header.Applied.Last);
        var state = SnapshotPayload.ReadJournalState(reader);
        Invariant.Check(state.Applied == header.Applied.Last, "a snapshot's journal part stands where its header says");
        replay?.Restore(reader);
        end = header.Applied;
        return state;
    }
}
