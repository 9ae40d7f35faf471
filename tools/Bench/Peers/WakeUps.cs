using System.Globalization;

namespace ControlPlane.Bench.Peers;

/// <summary>Counts how often a thread of a process went to sleep of its own will, and so had to be woken: Linux' voluntary context switches.</summary>
internal static class WakeUps
{
    private const string Field = "voluntary_ctxt_switches:";

    public static long Count() => CountOfProcess("self");

    /// <summary>Of another process.</summary>
    public static long Count(int process) => CountOfProcess(process.ToString(CultureInfo.InvariantCulture));

    private static long CountOfProcess(string process) => Directory.GetDirectories($"/proc/{process}/task").Sum(CountOf);

    private static long CountOf(string task)
    {
        try
        {
            var line = File.ReadLines(Path.Combine(task, "status")).First(l => l.StartsWith(Field, StringComparison.Ordinal));
            return long.Parse(line[Field.Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended since it was listed.
            return 0;
        }
    }
}
