using System.Diagnostics;
using ControlPlane.Worker.Processes;

namespace ControlPlane.Worker.Tests.Support;

/// <summary>An agent in a process of its own, over a fixture's plane and data directory.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;

    private AgentProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="worker">Its own agent must be stopped.</param>
    /// <param name="descriptorsMax">The process's limit of open files.</param>
    public static async Task<AgentProcess> StartAsync(WorkerFixture worker, int descriptorsMax = 4096)
    {
        var sessions = worker.Plane.Sessions;
        var process = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList =
            {
                "-c",
                $"ulimit -n {descriptorsMax}; exec dotnet \"$0\" \"$@\"",
                Path.Combine(AppContext.BaseDirectory, "ControlPlane.Worker.TestHost.dll"),
                worker.DataDirectory,
                worker.Plane.Address,
                "worker-1",
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var log = new TestLog();
        process.OutputDataReceived += (_, line) => log.Write(line.Data);
        process.ErrorDataReceived += (_, line) => log.Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => worker.Plane.Sessions > sessions, "the agent's process opens a session");
        return new AgentProcess(process);
    }

    /// <summary>kill -9: the agent gets no chance to end its sandboxes.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Asks it to end in good order, so that even a failed test leaves no sandbox's process behind.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Posix.Kill(_process.Id, Posix.SigTerm);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
