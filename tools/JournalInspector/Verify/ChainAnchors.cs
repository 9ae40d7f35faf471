using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Verify;

/// <summary>
/// Hashes of entries that something else remembers: the register of each reign's last entry, a snapshot of the last entry in
/// it. A chain that was rewritten consistently would still meet these.
/// </summary>
internal sealed class ChainAnchors
{
    private readonly JournalDirectory _journal;
    private readonly Dictionary<SequenceNumber, List<(string Witness, ChainHash Hash)>> _anchors = [];
    private readonly List<Finding> _findings = [];

    public ChainAnchors(JournalDirectory journal, SnapshotSurvey snapshots)
    {
        _journal = journal;
        foreach (var closed in journal.Register.ClosedEpochs.Where(closed => closed.Tail > SequenceNumber.First))
        {
            Add(closed.Tail.Previous, $"the register, for the end of epoch {closed.Epoch}", closed.LastHash);
        }

        foreach (var file in snapshots.Files)
        {
            if (file.Header is { } header)
            {
                Add(header.Applied.Last, $"the snapshot {file.File}", header.Applied.LastHash);
            }
        }
    }

    public IReadOnlyList<Finding> Findings => _findings;

    public void Check(in ScannedEntry entry)
    {
        if (!_anchors.TryGetValue(entry.Header.Sequence, out var anchors))
        {
            return;
        }

        foreach (var (witness, hash) in anchors)
        {
            if (hash != entry.Hash)
            {
                _findings.Add(new Finding
                {
                    Severity = Severity.Loss,
                    Kind = "Contradiction",
                    File = _journal.Relative(entry.File),
                    Offset = entry.Offset,
                    ExpectedEntry = entry.Header.Sequence.Value,
                    Message = $"entry {entry.Header.Sequence} has hash {entry.Hash}, but {witness} names {hash}",
                });
            }
        }
    }

    private void Add(SequenceNumber position, string witness, ChainHash hash)
    {
        if (!_anchors.TryGetValue(position, out var anchors))
        {
            _anchors.Add(position, anchors = []);
        }

        anchors.Add((witness, hash));
    }
}
