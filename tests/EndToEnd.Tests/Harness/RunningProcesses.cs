using System.Globalization;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>Processes of this machine that belong to a test: whose command line or environment names one of its directories.</summary>
internal static class RunningProcesses
{
    /// <summary>Sandboxes included: their code lies in a directory of the test, and their environment says so.</summary>
    public static IReadOnlyList<int> Naming(string directory) =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && (Mentions(pid, "cmdline", directory) || Mentions(pid, "environ", directory))),
    ];

    /// <summary>Ends them all, as often as new ones appear; returns how many there were.</summary>
    public static async Task<int> EndAllAsync(string directory)
    {
        var ended = new HashSet<int>();
        await Eventually.HoldsAsync(
            () =>
            {
                var left = Naming(directory);
                foreach (var pid in left)
                {
                    ended.Add(pid);
                    Signals.Send(pid, Signals.Kill);
                }

                return left.Count == 0;
            },
            () => $"the processes {string.Join(", ", Naming(directory))} end");
        return ended.Count;
    }

    public static string Describe(int pid) => $"{pid} ({Read(pid, "cmdline").Replace('\0', ' ').Trim()})";

    private static bool Mentions(int pid, string file, string directory) => Read(pid, file).Contains(directory, StringComparison.Ordinal);

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // It has ended meanwhile, or belongs to somebody else.
        }
    }
}
