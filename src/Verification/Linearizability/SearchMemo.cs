namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// The pairs of placed operations and state from which a search has already looked on: a second way to the same pair cannot end better.
/// Compared in full, so that no collision of hashes can change a verdict.
/// </summary>
/// <remarks>All keys lie in one array of words, chained by hash through arrays of numbers: no object for each of millions of pairs.</remarks>
internal sealed class SearchMemo<TState>(int entriesMax)
    where TState : notnull
{
    private const int InitialEntries = 64;

    private static readonly EqualityComparer<TState> SameState = EqualityComparer<TState>.Default;

    private int[] _buckets = new int[InitialEntries];
    private Entry[] _entries = new Entry[InitialEntries];
    private ulong[] _words = new ulong[4 * InitialEntries];
    private int _count;
    private int _wordCount;

    /// <summary>Notes a pair; false if it was known.</summary>
    /// <exception cref="OverflowException">The pair is new, and there is no room: see <see cref="IsFullFor"/>.</exception>
    public bool TryAdd(ulong setHash, ReadOnlySpan<ulong> key, TState state)
    {
        var hash = setHash ^ ((ulong)(uint)SameState.GetHashCode(state) * 0x9E3779B97F4A7C15);
        for (var at = _buckets[BucketOf(hash)]; at != 0; at = _entries[at - 1].Chain)
        {
            ref readonly var entry = ref _entries[at - 1];
            if (entry.Hash == hash && key.SequenceEqual(_words.AsSpan(entry.Words, entry.WordCount)) && SameState.Equals(entry.State, state))
            {
                return false;
            }
        }

        Append(hash, key, state);
        return true;
    }

    /// <summary>True if a new pair with a key of that many words finds no room.</summary>
    public bool IsFullFor(int keyWords) => _count >= entriesMax || _wordCount > Array.MaxLength - keyWords;

    private void Append(ulong hash, ReadOnlySpan<ulong> key, TState state)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Larger(_entries.Length, 0));
            Rehash();
        }

        if (_wordCount + key.Length > _words.Length)
        {
            Array.Resize(ref _words, Larger(_words.Length, key.Length));
        }

        key.CopyTo(_words.AsSpan(_wordCount));
        ref var bucket = ref _buckets[BucketOf(hash)];
        _entries[_count++] = new Entry(hash, state, _wordCount, key.Length, bucket);
        bucket = _count;
        _wordCount += key.Length;
    }

    private void Rehash()
    {
        _buckets = new int[_entries.Length];
        for (var at = 1; at <= _count; at++)
        {
            ref var bucket = ref _buckets[BucketOf(_entries[at - 1].Hash)];
            _entries[at - 1] = _entries[at - 1] with { Chain = bucket };
            bucket = at;
        }
    }

    private int BucketOf(ulong hash) => (int)(hash % (ulong)_buckets.Length);

    private static int Larger(int length, int atLeast) => (int)Math.Min(Array.MaxLength, (2L * length) + atLeast);

    /// <summary>One pair; the chain and the buckets count entries from 1, 0 ends.</summary>
    private readonly record struct Entry(ulong Hash, TState State, int Words, int WordCount, int Chain);
}
