using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Tail;

/// <summary>
/// What was read last: where to go on, and the hashes of the newest entries, by which a clip is noticed. Uncommitted entries
/// of a follower may be taken back when another leads; what comes instead has other hashes.
/// </summary>
internal sealed class SeenEntries(SequenceNumber next)
{
    /// <summary>More than a writer has unconfirmed at a time.</summary>
    private const int HashesKept = 1 << 14;

    private readonly Queue<SequenceNumber> _newest = new();
    private readonly Dictionary<SequenceNumber, ChainHash> _hashes = [];
    private readonly HashSet<string> _findings = new(StringComparer.Ordinal);

    /// <summary>The position that comes next.</summary>
    public SequenceNumber Next { get; private set; } = next;

    /// <summary>Hash of the entry before <see cref="Next"/>; null if it was not seen.</summary>
    public ChainHash? LastHash { get; private set; }

    /// <summary>Where a comparison with what was seen can begin.</summary>
    public SequenceNumber Oldest => _newest.TryPeek(out var oldest) ? oldest : Next;

    public void Add(in ScannedEntry entry)
    {
        _newest.Enqueue(entry.Header.Sequence);
        _hashes[entry.Header.Sequence] = entry.Hash;
        if (_newest.Count > HashesKept)
        {
            _hashes.Remove(_newest.Dequeue());
        }

        LastHash = entry.Hash;
        Next = entry.Header.Sequence.Next;
    }

    /// <summary>True if the entry at the position had this hash when it was seen.</summary>
    public bool Has(SequenceNumber position, ChainHash hash) => _hashes.TryGetValue(position, out var seen) && seen == hash;

    /// <summary>Forgets everything from <paramref name="position"/> on: it was taken back.</summary>
    public void GoBackTo(SequenceNumber position)
    {
        var kept = _newest.Where(seen => seen < position).ToArray();
        foreach (var gone in _newest.Where(seen => seen >= position))
        {
            _hashes.Remove(gone);
        }

        _newest.Clear();
        foreach (var seen in kept)
        {
            _newest.Enqueue(seen);
        }

        LastHash = _hashes.TryGetValue(position.Previous, out var last) ? last : null;
        Next = position;
    }

    /// <summary>True the first time that a finding is met.</summary>
    public bool IsNew(Finding finding) => _findings.Add(finding.Line);
}
