using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Rebuilds a state of the past beside the loop: the journal's own part, and the user's, from a whole snapshot and the entries behind it.
/// </summary>
internal static class JournalReplay
{
    /// <summary>The state behind <paramref name="position"/>, which is committed. Any thread.</summary>
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
    internal static JournalState? Begin(SnapshotDirectory snapshots, SequenceNumber position, IReplay? replay, out JournalEnd? end)
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
