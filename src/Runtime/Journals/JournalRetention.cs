using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Runtime.Journals;

/// <summary>What a journal keeps: drops entries that snapshots cover, and forgets reigns that nobody needs to know of. Loop only.</summary>
internal sealed class JournalRetention(JournalNode node, ReplicaStore store, CommittedEntries entries, RegisterCalls register)
{
    private const int ReignsWorthForgetting = 64;

    /// <summary>True if the register holds more reigns than it should: a snapshot would let them be forgotten.</summary>
    public bool HasManyReigns => node.Configuration?.Value.Epochs.Count > ReignsWorthForgetting;

    /// <summary>See <see cref="JournalEngine.Trim"/>.</summary>
    public SequenceNumber Trim(SequenceNumber below)
    {
        var covered = MajoritySnapshot();
        var limit = below <= covered ? below : covered.Next;

        // Deleted first, recorded after: a crash between leaves a head that is too low, which opening corrects; the other order
        // would leave files that nothing names.
        var head = entries.Exclusive(() => store.TrimTo(limit));
        node.Trimmed(head);
        if (node.Configuration is { } configuration && head > configuration.Value.Head)
        {
            Record(configuration.Value.Trim(head));
        }

        return head;
    }

    /// <summary>See <see cref="JournalEngine.ForgetOldReigns"/>.</summary>
    public void ForgetOldReigns()
    {
        var kept = store.Snapshots.List();
        if (HasManyReigns && kept.Count == SnapshotDirectory.Kept)
        {
            var covered = MajoritySnapshot();
            Record(node.Configuration!.Value.Value.Forget(kept[^1] < covered ? kept[^1] : covered));
        }
    }

    // The writer's own change of the register, between openings. If the outcome is not known, or another version is there, the register is read
    // again: only if it still says that this node reigns was the change this node's to make.
    private void Record(JournalConfiguration value)
    {
        var (version, reign) = (node.Configuration!.Value.Version, value.Current!.Epoch);
        register.CompareAndSet(version, value, answer =>
        {
            if (answer is { IsKnown: true, Taken: true } && Reigns(reign))
            {
                node.Configured(version + 1, value);
            }
            else if (Reigns(reign))
            {
                register.Read(read =>
                {
                    if (read is { IsKnown: true, Value: { } found } && found.Current?.Epoch == reign && Reigns(reign))
                    {
                        node.Configured(read.Version, found);
                    }
                });
            }
        });
    }

    private bool Reigns(Epoch reign) => node.Configuration?.Value.Current?.Epoch == reign;

    // What a majority has a snapshot of, nobody needs the entries of: whoever lags behind it is sent one.
    private SequenceNumber MajoritySnapshot()
    {
        var own = store.Snapshots.FindNewest(_ => { })?.Applied.Last ?? SequenceNumber.None;
        var members = node.Peers.Where(peer => peer.IsMember).Select(peer => peer.Snapshot).Append(own).Order().ToList();
        return members[members.Count - Quorum.MajorityOf(members.Count)];
    }
}
