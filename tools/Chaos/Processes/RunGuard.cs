using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Chaos.Processes;

/// <summary>
/// Guarantee: when the runner has ended, however it ended, no process of its run and no mount of it is left. A small process beside it
/// (<c>guard.sh</c>) waits for the end of its standard input, which the system closes if nobody else does.
/// </summary>
internal sealed class RunGuard : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _directory;
    private readonly Process _process;

    private RunGuard(string directory, Process process) => (_directory, _process) = (directory, process);

    /// <summary>Watches over all processes that name <paramref name="directory"/>.</summary>
    public static RunGuard Start(string directory)
    {
        using var script = new StreamReader(typeof(RunGuard).Assembly.GetManifestResourceStream("guard.sh")!);
        var commandLine = BuiltPrograms.InOwnSession(["bash", "-c", script.ReadToEnd(), "controlplane-chaos-guard", directory]);
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1)) { RedirectStandardInput = true };
        return new RunGuard(directory, Process.Start(start) ?? throw new InvalidOperationException("the system starts no process"));
    }

    /// <summary>Processes whose command line or environment names a directory; sandboxes included, as their code lies in it.</summary>
    public static IReadOnlyList<int> Naming(string directory) =>
    [
        .. Directory.GetDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && pid != Environment.ProcessId && !Read(pid, "cmdline").Contains("controlplane-chaos-guard", StringComparison.Ordinal)
                && (Read(pid, "cmdline").Contains(directory, StringComparison.Ordinal) || Read(pid, "environ").Contains(directory, StringComparison.Ordinal))),
    ];

    /// <summary>Ends everything now.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
        foreach (var pid in Naming(_directory))
        {
            Signals.Send(pid, Signals.Kill);
        }
    }

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
