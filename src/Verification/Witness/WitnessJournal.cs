using System.Runtime.InteropServices;
using ControlPlane.Primitives;

namespace ControlPlane.Verification.Witness;

/// <summary>The committed entries of one replica, in their order, from any head on, with an index of their appends. Immutable; read by any thread.</summary>
/// <remarks>An entry is found by where it is in the list. Whether that is what it says of itself is for <see cref="JournalShapeCheck"/> to find out.</remarks>
public sealed class WitnessJournal
{
    private readonly Dictionary<(ClientId Client, ClientSequence Number), int> _appends;
    private readonly List<(int First, int Again)> _repeated = [];

    /// <summary>Indexes the entries in one pass.</summary>
    /// <param name="entries">Not empty; not changed from now on.</param>
    public WitnessJournal(IReadOnlyList<WitnessEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfZero(entries.Count, nameof(entries));
        Entries = entries;
        _appends = new(entries.Count);
        var begins = true;
        for (var at = 0; at < entries.Count; at++)
        {
            var entry = entries[at];
            if (begins && entry.Number.Value != 0)
            {
                ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_appends, (entry.Client, entry.Number), out var exists);
                if (exists)
                {
                    _repeated.Add((first, at));
                }
                else
                {
                    first = at;
                }
            }

            begins = entry.EndsAppend;
        }
    }

    /// <summary>All entries.</summary>
    public IReadOnlyList<WitnessEntry> Entries { get; }

    /// <summary>The position of the first entry: those before were trimmed.</summary>
    public SequenceNumber Head => Entries[0].Position;

    /// <summary>The position of the last entry.</summary>
    public SequenceNumber Tail => Head.Plus((ulong)(Entries.Count - 1));

    /// <summary>Pairs of places in the list that begin an append of the same client and number.</summary>
    internal IReadOnlyList<(int First, int Again)> Repeated => _repeated;

    /// <summary>Numbered appends, by the place of their first entry.</summary>
    internal IReadOnlyCollection<int> NumberedAppends => _appends.Values;

    /// <summary>The place in the list of a position; negative below the head, and beyond the list beyond the tail.</summary>
    internal long PlaceOf(SequenceNumber position) => unchecked((long)(position.Value - Head.Value));

    /// <summary>The position of a place in the list.</summary>
    internal SequenceNumber PositionAt(int place) => Head.Plus((ulong)place);

    /// <summary>The place of the first entry of a numbered append, or -1.</summary>
    internal int Find(ClientId client, ClientSequence number) => _appends.TryGetValue((client, number), out var place) ? place : -1;
}
