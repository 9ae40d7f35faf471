using System.Globalization;
using System.Text;

namespace ControlPlane.Worker.Processes;

/// <summary>The machine's processes as <c>/proc</c> shows them; each answer is a moment's view.</summary>
internal static class ProcessTable
{
    /// <summary>Every process; one that ends meanwhile is left out.</summary>
    /// <exception cref="IOException">The machine has nothing left to look with (descriptors): nothing is known.</exception>
    public static List<ProcessStat> ReadAll()
    {
        var all = new List<ProcessStat>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && TryRead(pid, out var stat))
            {
                all.Add(stat);
            }
        }

        return all;
    }

    /// <summary>One process; false if there is none of that id.</summary>
    public static bool TryRead(int pid, out ProcessStat stat)
    {
        stat = default;
        return TryReadFile(pid, "stat", out var bytes) && ProcessStat.TryParse(Encoding.UTF8.GetString(bytes), out stat);
    }

    /// <summary>A variable of the environment that the process was started with; null if unset, or the process is gone or not readable.</summary>
    public static string? VariableOf(int pid, string name) =>
        TryReadFile(pid, "environ", out var bytes)
            ? Encoding.UTF8.GetString(bytes).Split('\0')
                .FirstOrDefault(pair => pair.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..]
            : null;

    private static bool TryReadFile(int pid, string name, out byte[] bytes)
    {
        try
        {
            bytes = File.ReadAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}"));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException { HResult: Posix.NoSuchProcess })
        {
            // It ended between being listed and being read, or belongs to someone else: not a process of ours either way.
            // Any other failure must not pass for that, or a living process would be taken for gone.
            bytes = [];
            return false;
        }
    }
}
