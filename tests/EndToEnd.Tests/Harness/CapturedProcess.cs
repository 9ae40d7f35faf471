using System.Diagnostics;
using System.Text;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>A process whose words are kept. Ends with the test at the latest.</summary>
internal sealed class CapturedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private CapturedProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Both streams so far.</summary>
    public string Said => Read(_output) + Read(_error);

    public static CapturedProcess Start(
        IReadOnlyList<string> commandLine, string? directory = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(commandLine[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? AppContext.BaseDirectory,
        };
        foreach (var argument in commandLine.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var captured = new CapturedProcess(new Process { StartInfo = start });
        captured._process.OutputDataReceived += (_, line) => Keep(captured._output, line.Data);
        captured._process.ErrorDataReceived += (_, line) => Keep(captured._error, line.Data);
        Assert.True(captured._process.Start(), $"{commandLine[0]} starts");
        captured._process.StandardInput.Close();
        captured._process.BeginOutputReadLine();
        captured._process.BeginErrorReadLine();
        return captured;
    }

    /// <summary>Asks the process to end in good order.</summary>
    public void Terminate() => Signals.Send(Id, Signals.Terminate);

    /// <summary>kill -9: the process gets no chance to do anything. What it has started goes on.</summary>
    public void Kill() => Signals.Send(Id, Signals.Kill);

    /// <summary>Waits for the end; the exit code (128 + the signal after a kill).</summary>
    public async Task<int> ExitAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"process {Id} does not end; it said:\n{Said}");
        }

        return _process.ExitCode;
    }

    public async Task<CommandResult> ResultAsync() => new(await ExitAsync(), Read(_output), Read(_error));

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
