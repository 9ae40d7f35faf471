using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Brings a replica forward whose missing entries are gone at the others: fetches a snapshot, and lets the journal begin behind it. Loop only.
/// </summary>
internal sealed class SnapshotCatchUp(
    ReplicaStore store,
    CommittedEntries entries,
    Action<ReplicaId, PeerMessage> send,
    Predicate<SnapshotHeader> isNeeded,
    Action<SnapshotHeader> installed,
    Action<ulong, ulong>? progress) : IDisposable
{
    private SnapshotFetching? _fetching;

    /// <summary>Begins, unless it is under way from there.</summary>
    public void Begin(ReplicaId source, TimeSpan now)
    {
        if (_fetching?.Source == source)
        {
            return;
        }

        Dispose();
        _fetching = new SnapshotFetching(store.Snapshots, source, new SnapshotFetchingOptions
        {
            Send = send,
            Published = Install,

            // Whoever reigns will say again that a snapshot is needed.
            GaveUp = (_, _) => _fetching = null,
            Progress = progress ?? ((_, _) => { }),
        });
        _fetching.Begin(now);
    }

    /// <summary>A part has arrived.</summary>
    public void Receive(ReplicaId from, SnapshotPart part, TimeSpan now) => _fetching?.Receive(from, part, now);

    /// <summary>Time passes.</summary>
    public void Tick(TimeSpan now) => _fetching?.Tick(now);

    /// <inheritdoc/>
    public void Dispose()
    {
        _fetching?.Dispose();
        _fetching = null;
    }

    private void Install(SnapshotHeader snapshot)
    {
        _fetching = null;
        if (!isNeeded(snapshot))
        {
            // Meanwhile the entries came after all; as a snapshot it is as good as any.
            return;
        }

        entries.Exclusive(() =>
        {
            store.StartAt(snapshot);
            return true;
        });
        installed(snapshot);
    }
}
