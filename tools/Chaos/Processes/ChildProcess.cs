using System.Diagnostics;

namespace ControlPlane.Chaos.Processes;

/// <summary>
/// A program that this one started: its output goes to a file, and it hears of the end of this program by the end of its standard input. One object
/// is one process; after a restart there is another.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _copying;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _copying = CopyAsync(log);
        Ended = WaitAsync();
    }

    public int Pid => _process.Id;

    public bool HasEnded => Ended.IsCompleted;

    /// <summary>Its exit code, when it has ended and its output is written. A signal counts as 128 and its number.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts it in a session of its own; its output is added to <paramref name="log"/>.</summary>
    public static ChildProcess Start(IReadOnlyList<string> commandLine, string log, IReadOnlyDictionary<string, string>? environment = null)
    {
        var whole = BuiltPrograms.InOwnSession(commandLine);
        var start = new ProcessStartInfo(whole[0], whole.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException("the system starts no process"), log);
    }

    /// <summary>Runs a program to its end; what it wrote.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> commandLine, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(commandLine[0], commandLine.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the system starts no process");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var error = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await error);
    }

    public void Signal(int signal)
    {
        if (!HasEnded)
        {
            _ = Signals.Send(Pid, signal);
        }
    }

    /// <summary>Writes a line to its standard input; false if it does not listen any more.</summary>
    public async Task<bool> TellAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends it without warning, and waits until the system has taken it away.</summary>
    public async Task KillAsync()
    {
        Signal(Signals.Kill);
        await Ended;
    }

    /// <summary>Asks it to stop, and kills it if it does not within <paramref name="patience"/>; its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        Signal(Signals.Continue);
        Signal(Signals.Terminate);
        await Task.WhenAny(Ended, Task.Delay(patience));
        Signal(Signals.Kill);
        return await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();

        // Sandboxes that outlive a killed worker may hold its output open: what matters of it is there by now.
        await Task.WhenAny(_copying, Task.Delay(TimeSpan.FromSeconds(1)));
        return _process.ExitCode;
    }

    private async Task CopyAsync(string log)
    {
        await using var file = new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        await using var lines = new StreamWriter(file) { AutoFlush = true };
        using var oneLine = new SemaphoreSlim(1);
        await Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));

        async Task CopyAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                await oneLine.WaitAsync();
                await lines.WriteLineAsync(line);
                oneLine.Release();
            }
        }
    }
}
