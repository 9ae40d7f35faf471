using ControlPlane.Worker.Processes;

namespace ControlPlane.Worker.Tests.Support;

/// <summary>Processes that a test's function started, found by their command line: <c>sleep SECONDS</c>.</summary>
internal static class Sleepers
{
    public static List<int> Of(string seconds) =>
        [.. ProcessTable.ReadAll().Where(stat => stat.IsAlive && CommandLineOf(stat.Pid) == $"sleep\0{seconds}\0").Select(stat => stat.Pid)];

    private static string CommandLineOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            // It ended while the table was read.
            return "";
        }
    }
}
