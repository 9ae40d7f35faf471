using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>
/// Shows every entry of a journal that can be verified, in order, across segments and behind damage. It joins segments as
/// recovery does (a segment counts up to where its epoch was closed or a later one begins), but where recovery refuses, the
/// walk notes a finding and goes on at the next whole entry.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="visit">Sees each entry; false ends the walk.</param>
/// <param name="found">Told of each finding, between the entries that it lies between.</param>
internal sealed class JournalWalk(JournalDirectory journal, EntryVisitor visit, Action<Finding>? found = null)
{
    private readonly List<SegmentSummary> _segments = [];
    private readonly List<Finding> _findings = [];
    private SequenceNumber _proven;
    private SequenceNumber? _first;
    private JournalEnd? _end;
    private long _entries;

    /// <summary>Walks from the entry at <paramref name="from"/>, or the first one that is kept.</summary>
    public WalkResult Run(SequenceNumber from)
    {
        var closed = journal.Register.ClosedEpochs;
        var listing = SegmentListing.Of(journal);
        var segments = listing.Order.Segments;
        _proven = listing.Order.Acknowledged;
        foreach (var foreign in listing.Findings)
        {
            Note(foreign);
        }

        var ended = false;
        for (var i = 0; i < segments.Count && !ended; i++)
        {
            var limit = SegmentLimit.Of(listing.Order, i, closed);
            var summary = SegmentFilesSummary.Of(journal, segments[i]) with { Limit = limit };
            if (limit <= segments[i].Start || limit <= from)
            {
                _segments.Add(summary);
                continue;
            }

            NoteGapBefore(segments[i]);
            var walk = new SegmentWalk(journal, segments[i], limit, _proven, visit, Note);
            ended = walk.Run(_end, from);
            Take(walk, summary);
        }

        if (!ended)
        {
            NoteMissingEnd(from);
        }

        return new WalkResult
        {
            Segments = _segments,
            Findings = _findings,
            First = _first,
            End = _end,
            Proven = _proven,
            Entries = _entries,
            EndedByVisitor = ended,
        };
    }

    private void Take(SegmentWalk walk, SegmentSummary summary)
    {
        _segments.Add(summary with { Entries = walk.Entries, EntryBytes = walk.EntryBytes, First = walk.First, Last = walk.Last });
        _first ??= walk.First;
        _end = walk.AppendEnd ?? _end;
        _entries += walk.Entries;
        _proven = walk.Proven > _proven ? walk.Proven : _proven;
    }

    private void NoteGapBefore(SegmentName segment)
    {
        if (_end is { } end && segment.Start > end.Tail && !LossUntil(segment.Start))
        {
            Note(new Finding
            {
                Severity = Severity.Loss,
                Kind = "Gap",
                File = journal.Relative(Path.Combine(journal.Replica.Paths.Segments, segment.ToString())),
                Message = $"segment {segment} begins at {segment.Start}, but what comes before it ends at {end.Last}",
                ExpectedEntry = end.Tail.Value,
                FoundEntry = segment.Start.Value,
                LostFrom = end.Tail.Value,
                LostUntil = segment.Start.Value,
            });
        }
    }

    /// <summary>Of what lies before <paramref name="from"/> nothing is known: it was not looked at.</summary>
    private void NoteMissingEnd(SequenceNumber from)
    {
        foreach (var closed in journal.Register.ClosedEpochs.Where(closed => closed.Tail > _proven.Next))
        {
            _proven = closed.Tail.Previous;
        }

        // A replica that has received a snapshot begins behind it, and may have no entry yet.
        var last = _end?.Last ?? from.Previous;
        if (_end is null && _proven > last && SnapshotSurvey.Of(journal).Newest is { } snapshot && snapshot.Applied.Last > last)
        {
            last = snapshot.Applied.Last;
        }

        if (_proven > last && !_findings.Any(finding => finding.Severity == Severity.Loss))
        {
            Note(new Finding
            {
                Severity = Severity.Loss,
                Kind = "AcknowledgedMissing",
                File = journal.Relative(journal.Replica.Paths.Segments),
                Message = $"entries up to {_proven} were acknowledged, but the journal ends at {last}",
                LostFrom = last.Next.Value,
                LostUntil = _proven.Next.Value,
            });
        }
    }

    /// <summary>True if damage that was noted before explains why nothing up to <paramref name="until"/> was read.</summary>
    private bool LossUntil(SequenceNumber until) =>
        _findings.Any(finding => finding.Severity == Severity.Loss && finding.LostFrom < until.Value && (finding.LostUntil ?? until.Value) >= until.Value);

    private void Note(Finding finding)
    {
        _findings.Add(finding);
        found?.Invoke(finding);
    }
}
