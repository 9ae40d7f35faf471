using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Checks;

/// <summary>A rolling hash of everything that goes into the cores and comes out of them. Two runs of one plan have the same, or one of them is not a function of its plan.</summary>
internal sealed class DeterminismGuard
{
    /// <summary>The hash so far.</summary>
    public ulong Hash { get; private set; } = 0x9E3779B97F4A7C15UL;

    /// <summary>Events folded in.</summary>
    public long Events { get; private set; }

    public void Fold(long at, Happening what, int who, ulong detail)
    {
        Events++;
        Hash = DrawStream.Mix(unchecked((Hash * 31) ^ DrawStream.Mix((ulong)at + ((ulong)what << 48) + ((ulong)who << 32)) ^ detail));
    }
}
