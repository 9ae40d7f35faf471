using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace ControlPlane.CrashExplorer.Crashes;

/// <summary>Chance by name: the same arguments draw the same number in every run.</summary>
internal static class Draw
{
    public static int Below(int limit, long first, long second, long third) =>
        (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes<long>([first, second, third])) % (ulong)limit);

    /// <summary>A selection, spread over all, in order; the same each time.</summary>
    public static IEnumerable<T> Some<T>(IReadOnlyList<T> all, int atMost, long name)
    {
        if (atMost == 0 || all.Count <= atMost)
        {
            return all;
        }

        return Enumerable.Range(0, atMost).Select(i =>
        {
            var from = (int)((long)i * all.Count / atMost);
            var until = (int)((i + 1L) * all.Count / atMost);
            return all[from + Below(until - from, name, i, all.Count)];
        });
    }
}
