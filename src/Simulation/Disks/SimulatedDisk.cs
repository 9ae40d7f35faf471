using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Disks;

/// <summary>
/// A replica's disk: entries in a write cache until they are synced, the promise, the acceptor's memory, the watermark (which is written and
/// not synced, as in production), and whole snapshots. What a crash leaves of what was not synced is a matter of luck; what recovery makes of it is
/// <see cref="DiskRecovery"/>.
/// </summary>
internal sealed class SimulatedDisk(JournalId journal)
{
    private const int SnapshotsKept = 2;

    private List<StoredEntry> _entries = [];
    private ulong _first = 1;
    private SequenceNumber _syncedWatermark;

    public JournalId Journal { get; } = journal;

    public ReplicaPromise Promise { get; set; } = ReplicaPromise.None;

    public AcceptorState Acceptor { get; set; } = AcceptorState.Fresh;

    /// <summary>What was told to others to be held; behind it only a torn write can lie.</summary>
    public SequenceNumber Watermark { get; private set; }

    /// <summary>Last position that no crash takes away.</summary>
    public SequenceNumber Durable { get; private set; }

    /// <summary>Last position written, synced or not.</summary>
    public SequenceNumber Last => new(_first + (ulong)_entries.Count - 1);

    /// <summary>First position held.</summary>
    public SequenceNumber Head => new(_first);

    /// <summary>Whole snapshots, oldest first.</summary>
    public List<StoredSnapshot> Snapshots { get; private set; } = [];

    public StoredSnapshot? NewestSnapshot => Snapshots.Count == 0 ? null : Snapshots[^1];

    /// <summary>It was damaged, or the power failed: what it holds, the next recovery will tell.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>True while a sync does nothing but say that it is done.</summary>
    public bool Lies { get; set; }

    /// <summary>The entry at a position that is held.</summary>
    public ref readonly StoredEntry this[SequenceNumber position] =>
        ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[(int)(position.Value - _first)];

    public bool Holds(SequenceNumber position) => position.Value >= _first && position <= Last;

    public void Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encoded)
    {
        Invariant.Check(header.Sequence == Last.Next, "entries are written one behind the other");
        _entries.Add(new StoredEntry(header, hash, encoded.ToArray()));
    }

    /// <summary>Makes everything written durable.</summary>
    public void Sync(SequenceNumber acknowledged)
    {
        Durable = Lies ? Durable : Last;
        Watermark = acknowledged;
    }

    /// <summary>What the journal ends with at a durable position, if that is known.</summary>
    public JournalEnd? EndAt(SequenceNumber position)
    {
        if (position == SequenceNumber.None)
        {
            return JournalEnd.Empty(Journal);
        }

        if (Holds(position))
        {
            ref readonly var entry = ref this[position];
            return JournalEnd.Behind(entry.Header, entry.Hash);
        }

        return Snapshots.Find(snapshot => snapshot.Applied.Last == position)?.Applied;
    }

    /// <summary>Drops what lies at or behind <paramref name="start"/>, durably.</summary>
    public void Clip(SequenceNumber start, SequenceNumber acknowledged)
    {
        var kept = (int)(start.Value - _first);
        _entries.RemoveRange(kept, _entries.Count - kept);
        Durable = Last;
        (Watermark, _syncedWatermark) = (acknowledged, acknowledged);
    }

    /// <summary>Publishes a snapshot; the oldest goes.</summary>
    public void Publish(StoredSnapshot snapshot)
    {
        Snapshots.RemoveAll(held => held.Applied.Last == snapshot.Applied.Last);
        Snapshots.Add(snapshot);
        Snapshots.Sort((left, right) => left.Applied.Last.CompareTo(right.Applied.Last));
        while (Snapshots.Count > SnapshotsKept)
        {
            Snapshots.RemoveAt(0);
        }
    }

    /// <summary>The journal begins anew behind a snapshot.</summary>
    public void StartAt(StoredSnapshot snapshot)
    {
        _entries.Clear();
        _first = snapshot.Applied.Tail.Value;
        Durable = Last;
        (Watermark, _syncedWatermark) = (Last, Last);
    }

    /// <summary>Drops entries below <paramref name="below"/> that a snapshot here covers; returns the head.</summary>
    public SequenceNumber Trim(SequenceNumber below)
    {
        var covered = NewestSnapshot?.Applied.Tail ?? SequenceNumber.First;
        var head = below < covered ? below : covered;
        if (head > Head)
        {
            var count = (int)Math.Min(head.Value - _first, (ulong)_entries.Count);
            _entries.RemoveRange(0, count);
            _first += (ulong)count;
        }

        return Head;
    }

    /// <summary>The process is gone: of what it had written a part has reached the disk, in order.</summary>
    public void LoseTail(DrawStream luck)
    {
        var unsynced = (int)(Last.Value - Durable.Value);
        if (unsynced > 0)
        {
            var lost = Math.Min(luck.Below(unsynced + 1), _entries.Count);
            _entries.RemoveRange(_entries.Count - lost, lost);
        }
    }

    /// <summary>The power is gone: each write that was not synced is there, torn, or missing, whatever became of those before it.</summary>
    public void TearTail(DrawStream luck)
    {
        for (var i = (int)(Math.Max(Durable.Value + 1, _first) - _first); i < _entries.Count; i++)
        {
            var fate = luck.Below(3);
            if (fate > 0)
            {
                var bytes = new byte[_entries[i].Bytes.Length];
                var kept = fate == 1 ? 0 : luck.Below(bytes.Length - 1);
                _entries[i].Bytes.AsSpan(0, kept).CopyTo(bytes);
                _entries[i] = _entries[i] with { Bytes = bytes };
            }
        }

        IsSuspect = true;
        Watermark = luck.Below(2) == 0 ? Watermark : _syncedWatermark;
    }

    /// <summary>Flips a bit of an entry.</summary>
    public void Rot(SequenceNumber position, DrawStream luck)
    {
        var i = (int)(position.Value - _first);
        var bytes = _entries[i].Bytes.ToArray();
        IsSuspect = true;
        bytes[luck.Below(bytes.Length)] ^= (byte)(1 << luck.Below(8));
        _entries[i] = _entries[i] with { Bytes = bytes };
    }

    /// <summary>The disk as it is now, to come back to.</summary>
    public SimulatedDisk Copy() => new(Journal)
    {
        _entries = [.. _entries],
        _first = _first,
        _syncedWatermark = _syncedWatermark,
        Promise = Promise,
        Acceptor = Acceptor,
        Watermark = Watermark,
        Durable = Durable,
        Snapshots = [.. Snapshots],
    };

    /// <summary>What recovery has found to count.</summary>
    public void Recovered(SequenceNumber last)
    {
        var kept = (int)(last.Value + 1 - _first);
        _entries.RemoveRange(kept, _entries.Count - kept);
        Durable = last;
        IsSuspect = false;
        (Watermark, _syncedWatermark) = (last, last);
    }

    /// <summary>All of it, as the disk has it.</summary>
    public IReadOnlyList<StoredEntry> Entries => _entries;
}
