using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>One of the compared replicas: its hashes, read window by window, and what it proves about commits.</summary>
internal sealed class ComparedReplica
{
    private readonly JournalDirectory _journal;
    private readonly Dictionary<SequenceNumber, SnapshotFile> _snapshots;
    private readonly List<Finding> _losses = [];

    public ComparedReplica(string name, JournalDirectory journal)
    {
        Name = name;
        _journal = journal;
        var survey = SnapshotSurvey.Of(journal);
        _snapshots = survey.Files.Where(file => file.Header is not null).ToDictionary(file => file.Position);
        Committed = ProvenBesideEntries(survey);
    }

    /// <summary>As it was named on the command line.</summary>
    public string Name { get; }

    public JournalId Journal => _journal.Replica.Identity.Journal;

    public ReplicaId Id => _journal.Replica.Identity.Replica;

    public bool IsWhole => _journal.Promise?.IsWhole ?? false;

    /// <summary>What it has acknowledged, which binds it; not the same as committed.</summary>
    public SequenceNumber? Acknowledged => _journal.Watermark?.Acknowledged;

    public SequenceNumber? First { get; private set; }

    public SequenceNumber? Last { get; private set; }

    /// <summary>
    /// The newest position that its own entries, register or snapshots prove to be committed in its own history. What it has
    /// merely acknowledged proves nothing, unless it is the journal's only replica.
    /// </summary>
    public SequenceNumber Committed { get; private set; }

    /// <summary>What cannot be read, and was to be kept.</summary>
    public IReadOnlyList<Finding> Losses => _losses;

    public IEnumerable<SnapshotFile> Snapshots => _snapshots.Values;

    /// <summary>Most replicas that any reign in the register had; zero if there is no register beside it.</summary>
    public int SetSize => _journal.Register.Configuration?.Epochs.Select(epoch => epoch.Replicas.Count).DefaultIfEmpty().Max() ?? 0;

    /// <summary>Reads the hashes of <c>[from, to)</c>; true if there may be entries behind them.</summary>
    public bool Read(SequenceNumber from, SequenceNumber to, Dictionary<SequenceNumber, ChainHash> hashes, Progress progress)
    {
        hashes.Clear();
        var goesOn = false;
        var walk = new JournalWalk(_journal, (in ScannedEntry entry) =>
        {
            var header = entry.Header;
            if (header.Sequence >= to)
            {
                goesOn = true;
                return false;
            }

            progress.Count(entry.Encoded.Length);
            hashes[header.Sequence] = entry.Hash;
            First ??= header.Sequence;
            Last = header.Sequence;
            Committed = header.CommitSequence > Committed ? header.CommitSequence : Committed;
            return true;
        }).Run(from);
        _losses.AddRange(walk.Findings.Where(finding => finding.Severity == Severity.Loss && !_losses.Contains(finding)));
        foreach (var snapshot in _snapshots.Values.Where(file => file.Position >= from && file.Position < to))
        {
            hashes.TryAdd(snapshot.Position, snapshot.Header!.Value.Applied.LastHash);
        }

        return goesOn || _snapshots.Keys.Any(position => position >= to);
    }

    /// <summary>The entry at a position, for people; null if only a snapshot tells of it.</summary>
    public SideEntry? Show(SequenceNumber position)
    {
        SideEntry? shown = null;
        new JournalWalk(_journal, (in ScannedEntry entry) =>
        {
            shown = entry.Header.Sequence == position ? SideEntry.Of(entry) : null;
            return false;
        }).Run(position);
        return shown;
    }

    /// <summary>The first position of interest: with it everything that the replica knows begins.</summary>
    public SequenceNumber Begin()
    {
        var first = new SequenceNumber(ulong.MaxValue);
        new JournalWalk(_journal, (in ScannedEntry entry) =>
        {
            first = entry.Header.Sequence;
            return false;
        }).Run(SequenceNumber.First);
        return _snapshots.Keys.Append(first).Min();
    }

    private SequenceNumber ProvenBesideEntries(SnapshotSurvey survey)
    {
        var proven = survey.Newest?.Applied.Last ?? SequenceNumber.None;
        foreach (var closed in _journal.Register.ClosedEpochs)
        {
            proven = closed.Tail.Previous > proven ? closed.Tail.Previous : proven;
        }

        return SetSize == 1 && Acknowledged > proven ? Acknowledged.Value : proven;
    }
}
