namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// Which operations have a place: a set of small numbers with a hash that follows each change in constant time and a key as short as
/// the history is concurrent.
/// </summary>
/// <remarks>
/// Completed operations are numbered in the order of their invocations, before those that are pending for ever. So the completed ones
/// in the set are all up to some number, then a few with gaps, then none; only the middle is written into a key. What is pending
/// for ever would leave gaps for ever: it has words of its own behind.
/// </remarks>
internal sealed class PlacedSet(int completed, int pending)
{
    private const int BitsPerWord = 64;

    private readonly ulong[] _words = new ulong[Words(completed)];
    private readonly ulong[] _pending = new ulong[Words(pending)];
    private int _firstNotFull;
    private int _firstUnused;

    /// <summary>Sum, without carries, of one pseudo-random word for each member.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The longest key that there can be, in words.</summary>
    public int KeyWordsMax => 1 + _words.Length + _pending.Length;

    public void Add(int operation)
    {
        WordOf(operation) |= Bit(operation);
        Hash ^= Scramble(operation);
        while (_firstNotFull < _words.Length && _words[_firstNotFull] == ulong.MaxValue)
        {
            _firstNotFull++;
        }

        if (operation < completed)
        {
            _firstUnused = Math.Max(_firstUnused, (operation / BitsPerWord) + 1);
        }
    }

    public void Remove(int operation)
    {
        WordOf(operation) &= ~Bit(operation);
        Hash ^= Scramble(operation);
        if (operation < completed)
        {
            _firstNotFull = Math.Min(_firstNotFull, operation / BitsPerWord);
        }

        while (_firstUnused > 0 && _words[_firstUnused - 1] == 0)
        {
            _firstUnused--;
        }
    }

    public bool Contains(int operation) => (WordOf(operation) & Bit(operation)) != 0;

    /// <summary>Writes what distinguishes this set from every other of the same history.</summary>
    /// <param name="key">At least <see cref="KeyWordsMax"/> words.</param>
    /// <returns>How many words were written.</returns>
    public int WriteKey(Span<ulong> key)
    {
        var from = _firstNotFull;
        key[0] = (uint)from | ((ulong)(uint)_firstUnused << 32);
        _words.AsSpan(from, _firstUnused - from).CopyTo(key[1..]);
        _pending.CopyTo(key[(1 + _firstUnused - from)..]);
        return 1 + _firstUnused - from + _pending.Length;
    }

    private static int Words(int bits) => (bits + BitsPerWord - 1) / BitsPerWord;

    private ref ulong WordOf(int operation) =>
        ref operation < completed ? ref _words[operation / BitsPerWord] : ref _pending[(operation - completed) / BitsPerWord];

    private ulong Bit(int operation) => 1UL << ((operation < completed ? operation : operation - completed) % BitsPerWord);

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood, 2014) over the operation's number.</summary>
    private static ulong Scramble(int operation)
    {
        var word = ((ulong)(uint)operation + 1) * 0x9E3779B97F4A7C15;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }
}
