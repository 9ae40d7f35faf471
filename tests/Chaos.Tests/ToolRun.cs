using System.Diagnostics;
using System.Reflection;

namespace ControlPlane.Chaos.Tests;

/// <summary>The built tool, run as a user runs it.</summary>
internal sealed class ToolRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ToolRun(IEnumerable<string> arguments)
    {
        var directory = typeof(ToolRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ChaosDirectory").Value!;
        var start = new ProcessStartInfo("dotnet", [Path.GetFullPath(Path.Combine(directory, "controlplane-chaos.dll"), AppContext.BaseDirectory), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "dumb";
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasEnded => _process.HasExited;

    public static ToolRun Start(params string[] arguments) => new(arguments);

    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var run = new ToolRun(arguments);
        await run._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (run._process.ExitCode, await run._output, await run._error);
    }

    /// <summary>kill -9 of this process alone.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Ctrl-C; its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        // Not SIGINT: whoever was started in the background of a script ignores it, and so do its children.
        Processes.Signals.Send(_process.Id, 15);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
