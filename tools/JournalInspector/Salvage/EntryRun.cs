using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>Whole entries without a gap, each naming the hash of the one before.</summary>
internal sealed class EntryRun
{
    private readonly Dictionary<SequenceNumber, ChainHash> _hashesAtSnapshots = [];
    private SequenceNumber? _afterAnAppend;

    private EntryRun(in EntryHeader first)
    {
        First = first.Sequence;
        HashBefore = first.PreviousHash;
    }

    public SequenceNumber First { get; }

    /// <summary>What the first entry names as its predecessor.</summary>
    public ChainHash HashBefore { get; }

    /// <summary>Hash of the last entry.</summary>
    public ChainHash LastHash { get; private set; }

    public SequenceNumber Last { get; private set; }

    /// <summary>Behind the last whole append; before <see cref="First"/> if there is none.</summary>
    public SequenceNumber LastWhole { get; private set; }

    /// <summary>The first position where an append certainly begins.</summary>
    public SequenceNumber FirstWhole => First == SequenceNumber.First ? First : _afterAnAppend ?? Last.Next;

    /// <summary>Finds all runs of a journal, in order.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="snapshots">Positions whose hashes are wanted.</param>
    /// <param name="count">Told of each entry's bytes.</param>
    /// <param name="walk">What else the walk found.</param>
    public static IReadOnlyList<EntryRun> FindAll(JournalDirectory journal, IReadOnlySet<SequenceNumber> snapshots, Action<int> count, out WalkResult walk)
    {
        var runs = new List<EntryRun>();
        walk = new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            count(entry.Encoded.Length);
            if (runs.Count == 0 || !runs[^1].TryAdd(entry, snapshots))
            {
                runs.Add(new EntryRun(entry.Header));
                runs[^1].Add(entry, snapshots);
            }

            return true;
        }).Run(SequenceNumber.First);
        return runs;
    }

    /// <summary>The hash that this run says the journal has behind a snapshot's position; null if it does not reach it.</summary>
    public ChainHash? HashAt(SequenceNumber snapshot) =>
        snapshot.Next == First ? HashBefore : _hashesAtSnapshots.TryGetValue(snapshot, out var hash) ? hash : null;

    private bool TryAdd(in ScannedEntry entry, IReadOnlySet<SequenceNumber> snapshots)
    {
        if (entry.Header.Sequence != Last.Next || entry.Header.PreviousHash != LastHash)
        {
            return false;
        }

        Add(entry, snapshots);
        return true;
    }

    private void Add(in ScannedEntry entry, IReadOnlySet<SequenceNumber> snapshots)
    {
        var position = entry.Header.Sequence;
        Last = position;
        LastHash = entry.Hash;
        if (entry.Header.EndsAppend)
        {
            LastWhole = position;
            _afterAnAppend ??= position.Next;
        }

        if (snapshots.Contains(position))
        {
            _hashesAtSnapshots.Add(position, entry.Hash);
        }
    }
}
