using System.Globalization;

namespace ControlPlane.Worker.Processes;

/// <summary>What <c>/proc/PID/stat</c> says about one process.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="State">One letter; Z and X are processes that have ended.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="Threads">One for a process that has ended; its first thread counts even when only others are left.</param>
/// <param name="StartTime">Clock ticks from the machine's boot to its start: together with the id a name that is never reused on one boot.</param>
/// <param name="ResidentPages">Pages of memory that it holds.</param>
internal readonly record struct ProcessStat(int Pid, char State, int Group, int Session, int Threads, ulong StartTime, long ResidentPages)
{
    /// <summary>False for one that has ended and only waits for its parent to notice.</summary>
    /// <remarks>One whose first thread has ended shows as a zombie while its other threads run on.</remarks>
    public bool IsAlive => State is not ('Z' or 'X' or 'x') || Threads > 1;

    /// <summary>Reads one line of <c>stat</c>; false if it is not one.</summary>
    public static bool TryParse(string line, out ProcessStat stat)
    {
        stat = default;
        // The name, in parentheses, may itself hold parentheses and spaces: the fields start after the last one.
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        if (open <= 0 || close < open)
        {
            return false;
        }

        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 22 || !int.TryParse(line.AsSpan(0, open), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid))
        {
            return false;
        }

        stat = new ProcessStat(
            pid,
            fields[0][0],
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            int.Parse(fields[17], CultureInfo.InvariantCulture),
            ulong.Parse(fields[19], CultureInfo.InvariantCulture),
            long.Parse(fields[21], CultureInfo.InvariantCulture));
        return true;
    }
}
