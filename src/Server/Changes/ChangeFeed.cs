using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Server.Changes;

/// <summary>Reads committed changes in order, a bounded batch at a time, each position exactly once.</summary>
internal sealed class ChangeFeed(PartitionHost partition, TrimmedNames trimmed, SequenceNumber from)
{
    /// <summary>Most entries in one batch: bounds memory for a watcher however far behind it is.</summary>
    public const int BatchEntriesMax = 256;

    private readonly Facts _facts = new(partition.Journal, trimmed);
    private readonly List<(EntryHeader Header, Entry Entry)> _entries = [];

    /// <summary>Which entries are described; all if null. Asked of every entry, in order.</summary>
    public Func<EntryHeader, Entry, bool>? Filter { get; init; }

    /// <summary>The next position that will be read.</summary>
    public SequenceNumber Next { get; private set; } = from;

    /// <summary>The next committed changes; none if there are none yet. Positions of the journal's own entries are passed over.</summary>
    /// <exception cref="PositionTrimmedException">The position was trimmed in the meantime: the reader was too slow.</exception>
    public IReadOnlyList<Change> ReadBatch()
    {
        _entries.Clear();
        var seen = 0;
        Next = partition.Journal.Read(Next, (in CommittedEntry entry) =>
        {
            if (entry.Header.Type == EntryType.User && CoreReplay.Parse(entry.Payload) is var fact && Filter?.Invoke(entry.Header, fact) != false)
            {
                _entries.Add((entry.Header, fact));
            }

            return ++seen < BatchEntriesMax;
        });

        // Described outside the reading: a description reads the journal itself.
        var changes = new Change[_entries.Count];
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = ChangeDescriptions.Describe(_entries[i].Header, _entries[i].Entry, partition.Options.Partition, _facts);
        }

        return changes;
    }
}
