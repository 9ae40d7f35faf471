namespace ControlPlane.Verification.Tests;

/// <summary>SplitMix64 (Steele, Lea and Flood, 2014): the same numbers from the same seed on every platform and release.</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>At least 0 and less than <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    /// <summary>True once in <paramref name="times"/> times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public void Shuffle<T>(IList<T> items)
    {
        for (var at = items.Count - 1; at > 0; at--)
        {
            var other = Below(at + 1);
            (items[at], items[other]) = (items[other], items[at]);
        }
    }

    private ulong Next()
    {
        var word = _state += 0x9E3779B97F4A7C15;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }
}
