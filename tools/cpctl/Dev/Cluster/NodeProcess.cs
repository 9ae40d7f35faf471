using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ControlPlane.Cpctl;

/// <summary>
/// One node of a local cluster: a process of this same program. It ends when its standard input closes, so that it never outlives the process that
/// started it, however that ends.
/// </summary>
internal sealed partial class NodeProcess(string name, string address, string configuration, string log) : IAsyncDisposable
{
    private const int SignalKill = 9;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _oneLine = new(1);
    private Process? _process;
    private Task _copying = Task.CompletedTask;

    public string Name => name;

    /// <summary>Where its clients reach it.</summary>
    public string Address => address;

    public bool IsRunning => _process is { HasExited: false };

    public void Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "cpctl.dll"));
        }

        foreach (var argument in new[] { "serve", "--config", configuration, NodeRun.UntilStdinCloses })
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("the system starts no process");
        _copying = Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
    }

    /// <summary>Ends it without warning, and waits until the system has taken it away.</summary>
    public async Task KillAsync()
    {
        Signal(SignalKill);
        await _process!.WaitForExitAsync();
        await _copying;
    }

    /// <summary>Stops its clock and its hands; connections stay open.</summary>
    public void Pause() => Signal(SignalStop);

    /// <summary>Lets it go on, as if no time had passed for it.</summary>
    public void Continue() => Signal(SignalContinue);

    /// <summary>The last lines of its log.</summary>
    public string LastWords() => File.Exists(log) ? string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(5)) : "";

    /// <summary>Asks it to stop, and kills it if it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (IsRunning)
        {
            Continue();
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(StopPatience);
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Signal(SignalKill);
        }

        await _process.WaitForExitAsync();
        await _copying;
        _process.Dispose();
        _oneLine.Dispose();
        _process = null;
    }

    private async Task CopyAsync(StreamReader lines)
    {
        // Two streams and, over time, several processes write one file: each line whole, one after the other.
        while (await lines.ReadLineAsync() is { } line)
        {
            await _oneLine.WaitAsync();
            try
            {
                await File.AppendAllTextAsync(log, line + Environment.NewLine);
            }
            finally
            {
                _oneLine.Release();
            }
        }
    }

    private void Signal(int signal)
    {
        if (IsRunning)
        {
            _ = Kill(_process!.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
