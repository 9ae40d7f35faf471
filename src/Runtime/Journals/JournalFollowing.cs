using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>A follower's state moves on with the commit: from memory where the entries are still there, else from disk. Loop only.</summary>
internal readonly struct JournalFollowing(RecentEntries recent, ReplicaStore store, Action<RecoveryProgress>? progress)
{
    private const int ProgressInterval = 1 << 16;

    /// <summary>Applies what is committed up to, not including, <paramref name="end"/>; all of it is held here.</summary>
    public void Follow(JournalState state, IJournalUser user, SequenceNumber end)
    {
        var tell = progress;
        long entries = 0;
        long bytes = 0;
        bool Apply(in EntryHeader header, ReadOnlySpan<byte> payload)
        {
            state.Apply(header, payload);
            user.Apply(header, payload);
            bytes += payload.Length;
            if (++entries % ProgressInterval == 0)
            {
                tell?.Invoke(new RecoveryProgress(entries, bytes));
            }

            return true;
        }

        while (state.Applied.Next < end)
        {
            var from = state.Applied.Next;
            if (!recent.TryVisit(from, end, encoded => new CommittedEntry(encoded) is var entry && Apply(entry.Header, entry.Payload)))
            {
                store.ReadEntries(from, end, (in ScannedEntry entry) => Apply(entry.Header, entry.Payload));
            }

            Invariant.Check(state.Applied.Next > from, "what is committed here is held here");
        }
    }
}
