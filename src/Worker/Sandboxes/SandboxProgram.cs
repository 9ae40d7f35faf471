using System.Net.Sockets;
using System.Security.Cryptography;
using ControlPlane.Worker.Processes;
using ControlPlane.Worker.RuntimeApi;
using ControlPlane.Worker.Storage;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>One run of a sandbox's program: its processes, the door to the Runtime API that only they were told of, and their meeting point with the gate.</summary>
internal sealed class SandboxProgram
{
    private readonly RuntimeEndpoint _endpoint;
    private readonly TimeProvider _time;
    private readonly SandboxOptions _options;

    private SandboxProgram(SandboxProcess process, RuntimeEndpoint endpoint, SandboxOptions options, TimeProvider time)
    {
        Process = process;
        _endpoint = endpoint;
        _options = options;
        _time = time;
    }

    public SandboxProcess Process { get; }

    public Exchange Exchange => _endpoint.Exchange;

    /// <summary>Starts it, recorded on disk so that a later agent would find its processes.</summary>
    /// <exception cref="LaunchException">It could not be started.</exception>
    public static async Task<SandboxProgram> StartAsync(SavedSandbox sandbox, SandboxLog log, SandboxSurroundings around)
    {
        var identity = new SandboxIdentity(sandbox.Id, SandboxEnvironment.ArnOf(sandbox.Function));
        RuntimeEndpoint endpoint;
        try
        {
            endpoint = around.RuntimeApi.Open(new Exchange(identity, around.Time));
        }
        catch (SocketException e)
        {
            throw new LaunchException($"no Runtime API endpoint: {MachineFailure.CauseOf(e)}");
        }

        SandboxProcess? process = null;
        try
        {
            var run = new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
            sandbox.Directory.SaveProcess(new ProcessRecord(run, 0, 0));
            var spec = new LaunchSpec(
                sandbox.Function.Command, sandbox.Function.CodePath, SandboxEnvironment.Of(sandbox.Function, endpoint.Address, run));
            process = await SandboxProcess.StartAsync(spec, log, around.Poller, around.Time);
            sandbox.Directory.SaveProcess(new ProcessRecord(run, process.Pid, process.StartTime));
            return new SandboxProgram(process, endpoint, around.Options.Sandbox, around.Time);
        }
        catch (Exception e) when (e is LaunchException or IOException)
        {
            if (process is not null)
            {
                await process.EndAsync(TimeSpan.Zero, around.Time);
            }

            endpoint.Dispose();
            throw e as LaunchException ?? new LaunchException($"could not record the process: {MachineFailure.CauseOf(e)}");
        }
    }

    /// <summary>Null when the runtime is ready, otherwise why it never will be.</summary>
    public async Task<EndRequest?> BootAsync(Task<EndRequest> requested)
    {
        using var cancelled = new CancellationTokenSource();
        var patience = Task.Delay(_options.InitTimeout, _time, cancelled.Token);
        var first = await Task.WhenAny(requested, Exchange.Initialized, Process.Exited, patience);
        await cancelled.CancelAsync();
        return first switch
        {
            _ when requested.IsCompleted => await requested,
            _ when Exchange.Initialized.IsCompleted => await Exchange.Initialized is { } error ? EndRequest.Die($"init failed: {error.Type}: {error.Message}") : null,
            _ when Process.Exited.IsCompleted => EndRequest.Die($"{await Process.Exited} before it was ready"),
            _ => EndRequest.Die("init timed out"),
        };
    }

    /// <summary>Why the program, once ready, is over.</summary>
    public async Task<EndRequest> ServeAsync(Task<EndRequest> requested)
    {
        await Task.WhenAny(requested, Process.Exited);
        return requested.IsCompleted ? await requested : EndRequest.Die((await Process.Exited).ToString());
    }

    /// <summary>Returns only when no process of it is left; then whoever waited for its answer is told.</summary>
    public async Task EndAsync(InvocationOutcome outcome)
    {
        await Process.EndAsync(_options.KillGrace, _time);
        _endpoint.Dispose();
        Exchange.Close(outcome);
    }
}
