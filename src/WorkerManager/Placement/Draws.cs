namespace ControlPlane.WorkerManager;

/// <summary>
/// A small generator (SplitMix64) for choosing candidates. Seeded by the reign, so that the same journal and the same
/// commands give the same choices; what it draws reaches the state only through the entry that records the choice.
/// </summary>
internal sealed class Draws
{
    private ulong state;

    public void Seed(ulong seed) => state = seed;

    public ulong Save() => state;

    /// <summary>A number in [0, <paramref name="bound"/>).</summary>
    public int Next(int bound)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            return (int)(((UInt128)z * (ulong)bound) >> 64);
        }
    }
}
