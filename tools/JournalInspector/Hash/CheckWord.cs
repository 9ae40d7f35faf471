using System.Globalization;

namespace ControlPlane.JournalInspector.Hash;

/// <summary>Chain and state hash folded into eight digits, which a person can read out. Two journals that differ agree by chance once in four thousand million.</summary>
internal static class CheckWord
{
    public static string Of(UInt128 chain, UInt128? state)
    {
        var word = Fold(chain) ^ Fold(state ?? 0);
        return string.Create(CultureInfo.InvariantCulture, $"{word >> 16:x4}-{word & 0xffff:x4}");
    }

    private static uint Fold(UInt128 value) =>
        (uint)(value >> 96) ^ (uint)((value >> 64) & uint.MaxValue) ^ (uint)((value >> 32) & uint.MaxValue) ^ (uint)(value & uint.MaxValue);
}
