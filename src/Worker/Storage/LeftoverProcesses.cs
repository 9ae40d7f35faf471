using ControlPlane.Worker.Processes;
using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Storage;

/// <summary>Ends what a killed agent left running.</summary>
internal static class LeftoverProcesses
{
    /// <summary>
    /// Returns, when none of the runs' processes is left, how many there were. A process is one of ours only if it was
    /// started with the run's random mark, or if its session's leader is the recorded process by number *and* start time:
    /// a number alone may long be an innocent's.
    /// </summary>
    public static async Task<int> EndAsync(IReadOnlyCollection<ProcessRecord> runs, TimeSpan grace, TimeProvider time)
    {
        if (runs.Count == 0)
        {
            return 0;
        }

        var marks = runs.Select(run => SandboxEnvironment.MarkOf(run.Run)).ToHashSet(StringComparer.Ordinal);
        var leaders = runs.Where(run => run.Pid > 0).ToDictionary(run => run.Pid, run => run.StartTime);
        var found = new HashSet<(int, ulong)>();
        await ProcessSession.EndAsync(
            stat =>
            {
                var ours = IsOurs(stat, marks, leaders);
                if (ours)
                {
                    found.Add((stat.Pid, stat.StartTime));
                }

                return ours;
            },
            grace,
            time);
        return found.Count;
    }

    private static bool IsOurs(ProcessStat stat, HashSet<string> marks, Dictionary<int, ulong> leaders) =>
        (leaders.TryGetValue(stat.Session, out var started)
            && ProcessTable.TryRead(stat.Session, out var leader) && leader.StartTime == started)
        || (ProcessTable.VariableOf(stat.Pid, SandboxEnvironment.MarkVariable) is { } mark && marks.Contains(mark));
}
