using System.Diagnostics;
using ControlPlane.Bench.Peers;

namespace ControlPlane.Bench.Replicated;

/// <summary>What the servers of a subject have used so far.</summary>
internal static class ServerWork
{
    /// <summary>How often a thread of theirs had to be woken.</summary>
    public static long WakeUpsOf(IReadOnlyList<int> processes) => processes.Sum(WakeUps.Count);

    public static TimeSpan CpuOf(IReadOnlyList<int> processes)
    {
        var sum = TimeSpan.Zero;
        foreach (var id in processes)
        {
            using var process = Process.GetProcessById(id);
            sum += process.TotalProcessorTime;
        }

        return sum;
    }
}
