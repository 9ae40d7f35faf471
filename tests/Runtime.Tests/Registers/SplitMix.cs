namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>A seeded generator that gives the same numbers everywhere (SplitMix64). Safe for concurrent use.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public bool Chance(int percent) => Next() % 100 < (ulong)percent;

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = (byte)Next();
        }
    }

    public ulong Next()
    {
        var z = Interlocked.Add(ref _state, 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
