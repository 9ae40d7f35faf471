using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>A record named by the journal position that created it.</summary>
public abstract class Positioned<TRecord>(SequenceNumber position)
    where TRecord : Positioned<TRecord>
{
    /// <summary>Its identity.</summary>
    public SequenceNumber Position { get; } = position;

    internal TRecord? Older { get; set; }

    internal TRecord? Newer { get; set; }
}

/// <summary>
/// Records by position, found in O(1) and listed in ascending order. Journal positions only grow, so the order of
/// insertion is that order: a chain through the records keeps it, and nothing depends on how a dictionary iterates.
/// </summary>
public sealed class PositionTable<TRecord>
    where TRecord : Positioned<TRecord>
{
    private readonly Dictionary<ulong, TRecord> byPosition = [];

    /// <summary>How many.</summary>
    public int Count => byPosition.Count;

    /// <summary>The one with the lowest position.</summary>
    public TRecord? Oldest { get; private set; }

    /// <summary>The one with the highest position.</summary>
    public TRecord? Newest { get; private set; }

    /// <summary>Finds one.</summary>
    public bool TryGet(SequenceNumber position, [NotNullWhen(true)] out TRecord? record) =>
        byPosition.TryGetValue(position.Value, out record);

    /// <summary>All, ascending.</summary>
    public IEnumerable<TRecord> Ascending()
    {
        for (var record = Oldest; record is not null; record = record.Newer)
        {
            yield return record;
        }
    }

    /// <summary>Those after <paramref name="position"/>, ascending; one step if that record is still there.</summary>
    public IEnumerable<TRecord> After(SequenceNumber position)
    {
        var record = TryGet(position, out var known) ? known.Newer : Oldest;
        for (; record is not null; record = record.Newer)
        {
            if (record.Position > position)
            {
                yield return record;
            }
        }
    }

    internal TRecord Get(ulong position)
    {
        var found = byPosition.TryGetValue(position, out var record);
        Invariant.Check(found, "entries name records that exist");
        return record!;
    }

    internal void Add(TRecord record)
    {
        Invariant.Check(Newest is null || Newest.Position < record.Position, "positions only grow");
        byPosition.Add(record.Position.Value, record);
        record.Older = Newest;
        if (Newest is null)
        {
            Oldest = record;
        }
        else
        {
            Newest.Newer = record;
        }

        Newest = record;
    }

    internal void Remove(TRecord record)
    {
        var removed = byPosition.Remove(record.Position.Value);
        Invariant.Check(removed, "what is removed was there");
        if (record.Older is null)
        {
            Oldest = record.Newer;
        }
        else
        {
            record.Older.Newer = record.Newer;
        }

        if (record.Newer is null)
        {
            Newest = record.Older;
        }
        else
        {
            record.Newer.Older = record.Older;
        }

        record.Older = null;
        record.Newer = null;
    }
}
