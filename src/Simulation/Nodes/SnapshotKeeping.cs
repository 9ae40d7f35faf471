using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;
using ControlPlane.Simulation.Disks;
using ControlPlane.Simulation.Serving;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Nodes;

/// <summary>
/// Snapshots of one process, as <c>Runtime</c> takes, serves and trims by them: each is rebuilt from the one before and the journal behind it, beside
/// the loop, and must come to the state that everybody else came to.
/// </summary>
internal sealed class SnapshotKeeping(NodeProcess process)
{
    private const int ReignsWorthForgetting = 64;

    private readonly World _world = process.World;
    private readonly SimulatedNode _host = process.Host;
    private readonly Randomness.DrawStream _durations = process.World.Draws.Stream("snapshot", (process.Host.Index << 16) + process.Host.Incarnation);
    private bool _isTaking;
    private ulong _trimLook;

    /// <summary>The newest snapshot's journal part, its user's part in <paramref name="state"/>; the beginning if there is none.</summary>
    public JournalState RestoreNewest(IStateMachine state) =>
        _host.Disk.NewestSnapshot is { } newest ? SnapshotFile.Restore(newest, state) : new JournalState();

    /// <summary>The part of the newest snapshot, or of the one that was begun, that is asked for.</summary>
    public SnapshotPart Answer(FetchSnapshot request)
    {
        var (wanted, offset) = (_host.Disk.Snapshots.Find(held => held.Applied.Last == request.Position), request.Offset);
        if (wanted is null)
        {
            (wanted, offset) = (_host.Disk.NewestSnapshot, 0);
        }

        if (wanted is null)
        {
            return new SnapshotPart(SequenceNumber.None, 0, 0, default);
        }

        var length = Math.Min((ulong)_world.Knobs.SnapshotPartBytes, (ulong)wanted.Bytes.Length - Math.Min(offset, (ulong)wanted.Bytes.Length));
        return new SnapshotPart(wanted.Applied.Last, offset, (ulong)wanted.Bytes.Length, wanted.Bytes.AsMemory((int)offset, (int)length));
    }

    /// <summary>After each batch.</summary>
    public void Consider()
    {
        var interval = (ulong)_world.Knobs.SnapshotInterval;
        if (interval == 0)
        {
            return;
        }

        var newest = _host.Disk.NewestSnapshot?.Applied.Last ?? SequenceNumber.None;
        var committed = process.Node.Committed;
        var behind = committed.Value - Math.Min(newest.Value, committed.Value);
        ConsiderTrim(newest, committed);
        if (!_isTaking && behind > 0 && (behind >= interval * (process.Node.Peers.Count > 0 ? 2UL : 1UL) || HasManyReigns))
        {
            _isTaking = true;
            _world.Agenda.In(_durations.Between(5, 200) * Durations.Millisecond, () => _host.Post(running =>
            {
                if (running == process)
                {
                    _isTaking = false;
                    Take();
                }
            }));
        }
    }

    private bool HasManyReigns => process.Node.Configuration?.Value.Epochs.Count > ReignsWorthForgetting;

    private void Take()
    {
        var disk = _host.Disk;
        var state = process.User.NewState();
        var journal = RestoreNewest(state);
        var committed = process.Node.Committed;
        if (journal.Applied >= committed)
        {
            return;
        }

        _host.Faults.Before("a snapshot", grows: true);
        var end = JournalEnd.Empty(_world.Journal);
        while (journal.Applied < committed)
        {
            ref readonly var entry = ref disk[journal.Applied.Next];
            var payload = entry.Bytes.AsSpan(EntryCodec.HeaderBytes);
            journal.Apply(entry.Header, payload);
            state.Apply(entry.Header, payload);
            end = JournalEnd.Behind(entry.Header, entry.Hash);
        }

        Invariant.Check(state.Hash == state.RecomputeHash(), "the running hash is that of all records");
        _world.Ledger.State(process, committed, state.Hash);
        var snapshot = SnapshotFile.Write(end, journal, state);
        SnapshotFile.Restore(snapshot, process.User.NewState());
        disk.Publish(snapshot);
        process.Node.SnapshotTaken(committed);
        _world.Coverage.Hit("a snapshot was taken");
        _world.Note(Happening.Snapshot, _host.Index, committed.Value);
        if (HasManyReigns && disk.Snapshots.Count > 1)
        {
            var covered = MajoritySnapshot();
            var older = disk.Snapshots[0].Applied.Last;
            Record(process.Node.Configuration!.Value.Value.Forget(older < covered ? older : covered));
        }
    }

    private void ConsiderTrim(SequenceNumber newest, SequenceNumber committed)
    {
        var keep = (ulong)_world.Knobs.KeepEntries;
        if (!process.Leads || committed.Value < _trimLook + Math.Max(1, keep / 10) || newest.Value <= keep)
        {
            return;
        }

        _trimLook = committed.Value;
        var below = new SequenceNumber(newest.Value - keep);
        var covered = MajoritySnapshot();
        var head = _host.Disk.Trim(below <= covered ? below : covered.Next);
        process.Node.Trimmed(head);
        if (process.Node.Configuration is { } configuration && head > configuration.Value.Head)
        {
            _world.Coverage.Hit("a writer trimmed");
            Record(configuration.Value.Trim(head));
        }
    }

    // As JournalRetention.Record: if it cannot be told, what the register holds then is looked at.
    private void Record(JournalConfiguration value)
    {
        var (version, reign) = (process.Node.Configuration!.Value.Version, value.Current!.Epoch);
        process.Register.CompareAndSet(version, value, taken =>
        {
            if (taken == true && Reigns(reign))
            {
                process.Node.Configured(version + 1, value);
            }
            else if (Reigns(reign))
            {
                process.Register.Read((isKnown, found, configuration) =>
                {
                    if (isKnown && configuration?.Current?.Epoch == reign && Reigns(reign))
                    {
                        process.Node.Configured(found, configuration);
                    }
                });
            }
        });
    }

    private bool Reigns(Epoch reign) => process.Node.Configuration?.Value.Current?.Epoch == reign;

    private SequenceNumber MajoritySnapshot()
    {
        var own = _host.Disk.NewestSnapshot?.Applied.Last ?? SequenceNumber.None;
        var members = process.Node.Peers.Where(peer => peer.IsMember).Select(peer => peer.Snapshot).Append(own).Order().ToList();
        return members[members.Count - Quorum.MajorityOf(members.Count)];
    }
}
