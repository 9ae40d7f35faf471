using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Replica;

/// <summary>Reads ranges of a verified journal across its segments. Verifies again: disks change after they were verified.</summary>
internal sealed class JournalReader(ReplicaInspection replica, IEnumerable<KeptSegment> segments)
{
    private readonly List<KeptSegment> _segments = [.. segments];

    public IReadOnlyList<KeptSegment> Segments => _segments;

    /// <summary>A segment has begun, behind the last one or within what was there: nothing else counts from its start on.</summary>
    public void Add(SegmentName name)
    {
        _segments.RemoveAll(segment => segment.Name.Start >= name.Start);
        if (_segments.Count > 0)
        {
            _segments[^1] = _segments[^1] with { Tail = name.Start };
        }

        _segments.Add(new KeptSegment(name, SequenceNumber.None));
    }

    /// <summary>The journal begins anew behind a snapshot.</summary>
    public void Clear() => _segments.Clear();

    public void RemoveFirst() => _segments.RemoveAt(0);

    /// <summary>Position of the first kept entry; <paramref name="tail"/> if none is kept.</summary>
    public SequenceNumber Head(SequenceNumber tail)
    {
        foreach (var segment in _segments)
        {
            SequenceNumber? first = null;
            using var scanner = replica.ScannerOf(segment.Name);
            scanner.Scan(
                new ScanRange { FromAddress = scanner.FindAddress(SequenceNumber.None) },
                (in ScannedEntry entry) =>
                {
                    first = entry.Header.Sequence;
                    return false;
                });
            if (first is { } found)
            {
                return found < tail ? found : tail;
            }
        }

        return tail;
    }

    /// <summary>The end behind one entry of the journal, verified; null if no segment has it any more.</summary>
    public JournalEnd? EndAt(SequenceNumber position)
    {
        var index = _segments.FindLastIndex(segment => segment.Name.Start <= position);
        if (index < 0 || (index < _segments.Count - 1 && position >= _segments[index].Tail))
        {
            return null;
        }

        JournalEnd? found = null;
        SequenceNumber? first = null;
        using var scanner = replica.ScannerOf(_segments[index].Name);
        var scan = scanner.Scan(
            new ScanRange { FromAddress = scanner.FindAddress(position), Until = position.Next },
            (in ScannedEntry entry) =>
            {
                first ??= entry.Header.Sequence;
                found = entry.Header.Sequence == position ? JournalEnd.Behind(entry.Header, entry.Hash) : null;
                return entry.Header.Sequence < position;
            });
        return found is not null || first > position ? found : throw Unreadable(_segments[index].Name, position, scan);
    }

    public SequenceNumber Read(SequenceNumber from, SequenceNumber toExclusive, EntryVisitor visit)
    {
        var next = from;
        JournalEnd? before = null;
        for (var i = 0; i < _segments.Count && next < toExclusive; i++)
        {
            var limit = i == _segments.Count - 1 || _segments[i].Tail > toExclusive ? toExclusive : _segments[i].Tail;
            if (limit <= next)
            {
                continue;
            }

            var scan = ReadSegment(_segments[i].Name, before, next, limit, visit, out var ended);
            before = scan.End;
            next = scan.End is { } end && end.Tail > next ? end.Tail : next;
            if (ended)
            {
                return next;
            }

            if (next < limit)
            {
                throw Unreadable(_segments[i].Name, next, scan);
            }
        }

        return next;
    }

    private static JournalRefusedException Unreadable(SegmentName name, SequenceNumber position, SegmentScan scan) => new(
        RefusalReason.AcknowledgedDamaged,
        $"segment {name} was verified, but entry {position} cannot be read any more: {scan.Damage?.ToString() ?? $"it ends in {scan.StopFile} at byte {scan.StopOffset}"}",
        scan.Damage);

    private SegmentScan ReadSegment(
        SegmentName name, JournalEnd? before, SequenceNumber from, SequenceNumber limit, EntryVisitor visit, out bool ended)
    {
        using var scanner = replica.ScannerOf(name);
        var endedByVisitor = false;
        var expected = from;
        var range = before is { } end && end.Tail == name.Start
            ? new ScanRange { After = end, Until = limit }
            : new ScanRange { FromAddress = scanner.FindAddress(from), Until = limit };
        var scan = scanner.Scan(range, (in ScannedEntry entry) =>
        {
            if (entry.Header.Sequence < from)
            {
                return true;
            }

            if (entry.Header.Sequence != expected)
            {
                throw new JournalRefusedException(
                    RefusalReason.Gap, $"entry {expected} was trimmed: segment {name} begins with {entry.Header.Sequence} in {entry.File} at byte {entry.Offset}");
            }

            expected = expected.Next;
            endedByVisitor = !visit(entry);
            return !endedByVisitor;
        });
        ended = endedByVisitor;
        return scan;
    }
}
