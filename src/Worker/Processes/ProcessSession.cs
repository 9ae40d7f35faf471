namespace ControlPlane.Worker.Processes;

/// <summary>Ends all processes of a set, surely: first asked (TERM), after a grace forced (KILL), and looked for until none is left.</summary>
internal static class ProcessSession
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Returns only when no process of the session or group <paramref name="leader"/> is alive. Must only be called while
    /// the number is known to be ours: its leader is our child, or was proven to be by its start time.
    /// </summary>
    public static Task EndAsync(int leader, TimeSpan grace, TimeProvider time) =>
        EndAsync(stat => stat.Session == leader || stat.Group == leader, grace, time);

    /// <summary>Returns only when no process that <paramref name="belongs"/> is alive.</summary>
    public static async Task EndAsync(Func<ProcessStat, bool> belongs, TimeSpan grace, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var asked = false;
        for (var wait = FirstLook; ; wait = wait + wait < LongestLook ? wait + wait : LongestLook)
        {
            if (TryLook(belongs) is { } members)
            {
                if (members.Count == 0)
                {
                    return;
                }

                var force = time.GetElapsedTime(started) >= grace;
                if (force || !asked)
                {
                    Signal(members, force ? Posix.SigKill : Posix.SigTerm);
                    asked = true;
                }
            }

            await Task.Delay(wait, time);
        }
    }

    /// <summary>Null if the machine has no descriptor to look with just now: then nothing is known to be over.</summary>
    private static List<ProcessStat>? TryLook(Func<ProcessStat, bool> belongs)
    {
        try
        {
            return ProcessTable.ReadAll().FindAll(stat => stat.IsAlive && belongs(stat));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A failed signal means that the process has just ended; the next look tells.</summary>
    private static void Signal(List<ProcessStat> members, int signal)
    {
        foreach (var member in members)
        {
            _ = Posix.Kill(member.Pid, signal);
        }
    }
}
