using System.Text;

namespace ControlPlane.Simulation.Randomness;

/// <summary>
/// All randomness of a run, by name: the n-th draw of a stream is H(seed, name, number, n). What one part of the world draws, or whether it draws
/// at all, changes no draw of any other; that is what lets the shrinker take a fault away and leave the rest of the story as it was.
/// </summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) over a 64-bit FNV-1a hash of the name.</remarks>
internal sealed class Draws(ulong seed)
{
    /// <summary>The stream of one purpose, for one link, disk or person; always from its beginning.</summary>
    public DrawStream Stream(string name, int number = 0)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ b) * 0x100000001B3UL);
        }

        return new DrawStream(DrawStream.Mix(unchecked(DrawStream.Mix(hash + DrawStream.Mix(seed)) + (ulong)number)));
    }
}
