using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>
/// Walks one segment. Two rules make it fit for a directory that is being written and for one that is damaged:
/// a stop counts only if a second look stops at the same place (the first may have read a page while it was being written),
/// and behind damage the walk goes on at the next whole entry.
/// </summary>
internal sealed class SegmentWalk(
    JournalDirectory journal, SegmentName name, SequenceNumber? limit, SequenceNumber provenBefore, EntryVisitor visit, Action<Finding> note)
{
    private JournalEnd? _end;
    private EntryPlace? _lastGood;
    private bool _endedByVisitor;
    private bool _resumed;

    public long Entries { get; private set; }

    public long EntryBytes { get; private set; }

    public SequenceNumber? First { get; private set; }

    public SequenceNumber? Last { get; private set; }

    /// <summary>Behind the last whole append; what came before the segment if it holds none.</summary>
    public JournalEnd? AppendEnd { get; private set; }

    public SequenceNumber Proven { get; private set; } = provenBefore;

    /// <summary>Returns true if the visitor ended it.</summary>
    public bool Run(JournalEnd? before, SequenceNumber from)
    {
        using var scanner = journal.Replica.ScannerOf(name);
        var range = FirstRange(scanner, before, from);
        _end = AppendEnd = range.After;
        long? settling = null;
        while (true)
        {
            var scan = scanner.Scan(range, (in ScannedEntry entry) => See(entry, from));
            Take(scan, range);
            if (_endedByVisitor || scan.EndedByReader)
            {
                return _endedByVisitor;
            }

            if (settling != scan.StopAddress)
            {
                settling = scan.StopAddress;
                range = _end is not null ? new ScanRange { FromAddress = scan.StopAddress, After = _end, Until = limit }
                    : _resumed ? range
                    : FirstRange(scanner, before, from);
            }
            else if (NextRange(scan) is { } next)
            {
                range = next;
            }
            else
            {
                return false;
            }
        }
    }

    private ScanRange FirstRange(SegmentScanner scanner, JournalEnd? before, SequenceNumber from)
    {
        var address = scanner.FindAddress(from <= name.Start ? SequenceNumber.None : from);
        var linked = address == SegmentLayout.FirstAddress
            ? before?.Tail == name.Start ? before : name.Start == SequenceNumber.First ? JournalEnd.Empty(journal.Replica.Identity.Journal) : null
            : null;
        return new ScanRange { FromAddress = address, After = linked, Until = limit };
    }

    private bool See(in ScannedEntry entry, SequenceNumber from)
    {
        var sequence = entry.Header.Sequence;
        _lastGood = new EntryPlace(sequence.Value, journal.Relative(entry.File), entry.Offset);
        if (sequence < from)
        {
            return true;
        }

        First ??= sequence;
        Last = sequence;
        Entries++;
        EntryBytes += entry.Encoded.Length;
        _endedByVisitor = !visit(entry);
        return !_endedByVisitor;
    }

    private void Take(SegmentScan scan, in ScanRange range)
    {
        if (scan.AppendEnd is { } whole && scan.AppendEnd != range.After)
        {
            AppendEnd = whole;
        }

        _end = scan.End ?? _end;
        Proven = scan.CommittedProof > Proven ? scan.CommittedProof : Proven;
    }

    /// <summary>Notes what is wrong at a stop; returns where to go on, or null.</summary>
    private ScanRange? NextRange(SegmentScan scan)
    {
        var expected = _end?.Tail ?? name.Start;
        var complete = _end == AppendEnd;
        var proven = limit?.Previous ?? Proven;
        var givenUpFrom = complete ? expected : AppendEnd?.Tail ?? name.Start;
        var situation = new RecoveryCase(
            Closed: limit is not null,
            givenUpFrom <= proven ? StopPosition.Proven : StopPosition.BeyondProven,
            scan.Shape,
            EntriesFollow: scan.Damage?.NextGood is not null,
            complete);
        if (StopFinding.Of(journal, scan, situation, limit, _lastGood, proven) is not { } finding)
        {
            return null;
        }

        note(finding);
        if (finding.Severity != Severity.Loss || scan.Damage?.NextGood is not { } next || next.Sequence >= limit)
        {
            return null;
        }

        // The whole entry may lie at the stop itself, in a wrong place; then it is trusted once, as a new beginning.
        var address = AddressOf(next);
        var goesOn = address > scan.StopAddress || _end is not null;
        _resumed = true;
        _end = AppendEnd = null;
        return goesOn ? new ScanRange { FromAddress = address, Until = limit } : null;
    }

    private long AddressOf(EntryLocation entry) =>
        SegmentLayout.TryParseFileName(Path.GetFileName(entry.File), out var index)
            ? (index * journal.Replica.DeviceFileBytes) + entry.Offset
            : throw new InspectionException($"{entry.File} is not a device file");
}
