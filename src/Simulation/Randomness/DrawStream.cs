namespace ControlPlane.Simulation.Randomness;

/// <summary>One named stream of draws (see <see cref="Draws"/>).</summary>
internal sealed class DrawStream(ulong key)
{
    private ulong _drawn;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(unchecked(key + (++_drawn * 0x9E3779B97F4A7C15UL)));

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    /// <summary>True in so many of a thousand cases.</summary>
    public bool Permille(int chance) => Next() % 1_000 < (ulong)chance;

    /// <summary>One of them.</summary>
    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    /// <summary>A 128-bit identifier.</summary>
    public UInt128 Identifier() => new(Next(), Next());

    /// <summary>The finalizer of SplitMix64: a bijection that spreads every bit.</summary>
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
