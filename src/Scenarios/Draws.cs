namespace ControlPlane.Scenarios;

/// <summary>
/// Randomness by name: a draw depends on the seed, the name of what is drawn and how often that was drawn before, and on nothing else. So taking one
/// fault out of a scenario leaves the choices of all others alone. Not for secrets.
/// </summary>
public static class Draws
{
    /// <summary>64 even bits.</summary>
    /// <param name="seed">The scenario's.</param>
    /// <param name="stream">What is drawn, for instance <c>fault-3/target</c>.</param>
    /// <param name="counter">How often it was drawn before.</param>
    public static ulong Bits(long seed, string stream, long counter)
    {
        // FNV-1a of the name, then three rounds of SplitMix64's finalizer over seed, name and counter.
        var hash = 14_695_981_039_346_656_037;
        foreach (var letter in stream)
        {
            hash = unchecked((hash ^ letter) * 1_099_511_628_211);
        }

        return unchecked(Mix(Mix(Mix((ulong)seed) ^ hash) ^ (ulong)counter));
    }

    /// <summary>Even, from 0 up to and without <paramref name="below"/>.</summary>
    public static int Below(int below, long seed, string stream, long counter) => (int)(Bits(seed, stream, counter) % (ulong)below);

    /// <summary>Even, from 0 up to and without 1.</summary>
    public static double Share(long seed, string stream, long counter) => (Bits(seed, stream, counter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Even, within a range.</summary>
    public static TimeSpan Within(TimeRange range, long seed, string stream, long counter) =>
        range.Least + ((range.Most - range.Least) * Share(seed, stream, counter));

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
