using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.State;

/// <summary>
/// Rebuilds the worker manager behind one position: the nearest whole snapshot, then the entries. Entries are applied when
/// their append is complete, so that a torn tail never shows.
/// </summary>
internal sealed class StateReplay(JournalDirectory journal, uint partition, Progress progress)
{
    private readonly CoreReplay _replay = new(new PartitionId(partition), new CoreOptions());
    private readonly List<(EntryHeader Header, byte[] Payload)> _append = [];

    /// <summary>Position of the snapshot that the replay began from, or none.</summary>
    public SequenceNumber Snapshot { get; private set; }

    /// <summary>Sees each entry before it is applied, with the state at that moment; of appends that are complete only.</summary>
    public Action<EntryHeader, byte[], WorkerManagerCore>? Before { get; init; }

    /// <summary>The state behind <paramref name="at"/>; null: behind the last whole append.</summary>
    /// <exception cref="InspectionException">It cannot be rebuilt.</exception>
    public WorkerManagerCore At(SequenceNumber? at)
    {
        Snapshot = Begin(at);
        var end = Run(at);
        if (at is { } wanted && _replay.Core.Applied < wanted)
        {
            throw new InspectionException($"there is no entry {wanted}: the journal's last whole append ends at {end}");
        }

        return _replay.Core;
    }

    /// <summary>Applies the entries to <paramref name="to"/> (null: to the end), from a snapshot at or below <paramref name="before"/>.</summary>
    /// <exception cref="InspectionException">They cannot be rebuilt.</exception>
    public void Through(SequenceNumber before, SequenceNumber? to)
    {
        Snapshot = Begin(before);
        Run(to);
    }

    private SequenceNumber Begin(SequenceNumber? at)
    {
        var limit = at ?? new SequenceNumber(ulong.MaxValue);
        if (journal.Replica.Snapshots.FindNewest(limit, _ => { }) is not { } header)
        {
            return SequenceNumber.None;
        }

        SnapshotRestoring.Restore(journal, header.Applied.Last, _replay);
        return header.Applied.Last;
    }

    private SequenceNumber Run(SequenceNumber? at)
    {
        if (_replay.Core.Applied == at)
        {
            return _replay.Core.Applied;
        }

        var next = _replay.Core.Applied.Next;
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            progress.Count(entry.Encoded.Length);
            RefuseGap(next, entry.Header.Sequence);
            next = entry.Header.Sequence.Next;
            _append.Add((entry.Header, entry.Payload.ToArray()));
            if (entry.Header.EndsAppend)
            {
                ApplyAppend(at);
            }

            return at is null || _replay.Core.Applied < at;
        }).Run(next);
        return _replay.Core.Applied;
    }

    private void ApplyAppend(SequenceNumber? at)
    {
        foreach (var (header, payload) in _append)
        {
            if (at is null || header.Sequence <= at)
            {
                Apply(header, payload);
            }
        }

        _append.Clear();
    }

    private void Apply(in EntryHeader header, byte[] payload)
    {
        Before?.Invoke(header, payload, _replay.Core);
        try
        {
            _replay.Apply(header, payload);
        }
        catch (Exception refused) when (ReplayFailure.IsForeign(refused))
        {
            throw new InspectionException($"entry {header.Sequence} is not one that this worker manager can apply: {refused.Message}");
        }
        catch (Exception refused) when (ReplayFailure.IsContradiction(refused))
        {
            throw new InspectionException($"the replay stopped at entry {header.Sequence}: {refused.Message} `verify --deep` shows where.");
        }
    }

    private static void RefuseGap(SequenceNumber expected, SequenceNumber found)
    {
        if (found != expected)
        {
            var missing = expected == found.Previous ? $"entry {expected}" : $"entries {expected} to {found.Previous}";
            throw new InspectionException(
                $"the state cannot be rebuilt: {missing} cannot be read, and no whole snapshot lies between there and the position (see `verify`)");
        }
    }
}
