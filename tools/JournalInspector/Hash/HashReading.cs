using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.State;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Hash;

/// <summary>Gathers what <c>hash</c> says. The state is replayed from the nearest snapshot below the first wanted position.</summary>
internal sealed class HashReading
{
    /// <summary>Nobody reads more out; a larger distance says the same.</summary>
    public const int RowsMax = 100_000;

    private readonly HashBoundaries _boundaries;
    private readonly ReplayBeside _state;
    private readonly List<HashRow> _rows = [];
    private HashRow? _end;
    private bool _stateIsForeign;

    private HashReading(JournalDirectory journal, HashBoundaries boundaries, uint partition)
    {
        _boundaries = boundaries;
        _state = new ReplayBeside(journal, partition);
    }

    public static HashReport Run(JournalDirectory journal, HashBoundaries boundaries, uint partition, Progress progress)
    {
        var reading = new HashReading(journal, boundaries, partition);
        var snapshots = SnapshotSurvey.Of(journal);
        foreach (var file in snapshots.Files.Where(file => file.Header is not null))
        {
            reading._state.Offer(file.Position);
        }

        var start = snapshots.Files.Where(file => file.Header is not null && file.Position < boundaries.From).Select(file => file.Position.Next);
        var walk = new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            progress.Count(entry.Encoded.Length);
            return !(entry.Header.Sequence > boundaries.To) && reading.See(entry);
        }).Run(start.Append(SequenceNumber.First).Max());
        return reading.Report(journal, walk);
    }

    private bool See(in ScannedEntry entry)
    {
        Apply(entry);
        var position = entry.Header.Sequence;
        var wanted = _boundaries.Has(position);
        if (wanted || entry.Header.EndsAppend)
        {
            var row = new HashRow(position.Value, entry.Header.Time.ToString(), entry.Hash.Value, StateBehind(position)?.Value);
            _end = entry.Header.EndsAppend ? row : _end;
            if (wanted)
            {
                _rows.Add(row);
            }
        }

        return _rows.Count <= RowsMax
            ? true
            : throw new InspectionException($"more than {RowsMax} positions: choose a larger --every, or a range");
    }

    private void Apply(in ScannedEntry entry)
    {
        var header = entry.Header;
        try
        {
            if (!_stateIsForeign && _state.TakeUp(header.Sequence))
            {
                _state.Replay!.Apply(header, entry.Payload);
            }
        }
        catch (Exception foreign) when (ReplayFailure.IsForeign(foreign))
        {
            _stateIsForeign = true;
            _state.Drop();
        }
        catch (Exception contradiction) when (ReplayFailure.IsContradiction(contradiction))
        {
            _state.Drop();
        }
    }

    private WorkerManager.StateHash? StateBehind(SequenceNumber position) =>
        _state.Replay is { } replay && replay.Core.Applied == position ? replay.Core.Hash : null;

    private HashReport Report(JournalDirectory journal, WalkResult walk)
    {
        // What was asked for by its position counts; of an append that is not complete nothing else does.
        _end = _rows.Count > 0 && _rows[^1].Position == _boundaries.To?.Value ? _rows[^1] : _end;
        var end = _end?.Position ?? 0;
        if (_boundaries.To is { } to && to.Value > end)
        {
            throw new InspectionException($"there is no entry {to}: the last whole append ends at {end}");
        }

        var rows = _rows.Where(row => row.Position <= end).ToList();
        if (_end is not null && end >= _boundaries.From.Value && (rows.Count == 0 || rows[^1].Position != end))
        {
            rows.Add(_end);
        }

        return new HashReport
        {
            Journal = journal.Replica.Identity.Journal.ToString(),
            Every = _boundaries.Every,
            Rows = [.. rows.Select(row => row.Shown)],
            StateApplies = !_stateIsForeign,
            Findings = [.. walk.Findings.Where(finding => finding.Severity == Severity.Loss)],
        };
    }

    /// <summary>One boundary.</summary>
    private sealed record HashRow(ulong Position, string Time, UInt128 Chain, UInt128? State)
    {
        public HashBoundary Shown => new(
            Position, Time, CheckWord.Of(Chain, State), Identifier128.Format(Chain), State is { } state ? Identifier128.Format(state) : null);
    }
}
