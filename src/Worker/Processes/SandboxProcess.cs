using System.Runtime.InteropServices;
using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Processes;

/// <summary>
/// One run of a function's program, with everything that it forks inside its session. Its output goes to the sandbox's log;
/// its end completes <see cref="Exited"/>.
/// </summary>
/// <remarks>
/// The program is reaped last, when nothing of its session is left. Until then its number cannot be given to another
/// process, so that looking for the session by that number never finds an innocent.
/// </remarks>
internal sealed class SandboxProcess
{
    private const int ReadBytes = 32 * 1024;

    // More than a pipe holds (64 KiB, at most 1 MiB); a process that escaped the session cannot keep the drain going.
    private const int LastReadsMax = 64;

    private readonly Poller _poller;
    private readonly SandboxLog _log;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ulong Key, int Descriptor)> _pipes = [];
    private (ulong Key, int Descriptor)? _handle;

    private SandboxProcess(Poller poller, SandboxLog log, int pid)
    {
        _poller = poller;
        _log = log;
        Pid = pid;
    }

    /// <summary>Also the number of its session and of its first group.</summary>
    public int Pid { get; }

    /// <summary>See <see cref="ProcessStat.StartTime"/>.</summary>
    public ulong StartTime { get; private set; }

    /// <summary>Completes when the program itself (not what it forked) has ended.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>The program runs when this returns.</summary>
    /// <exception cref="LaunchException">It could not be started or watched, and nothing of it is left.</exception>
    public static async Task<SandboxProcess> StartAsync(LaunchSpec spec, SandboxLog log, Poller poller, TimeProvider time)
    {
        var launched = ProcessLauncher.Launch(spec);
        var process = new SandboxProcess(poller, log, launched.Pid);
        try
        {
            process.Watch(launched);
            return process;
        }
        catch (Exception e) when (e is LaunchException or IOException)
        {
            await process.EndAsync(TimeSpan.Zero, time);
            throw new LaunchException($"could not watch '{spec.Command[0]}': {MachineFailure.CauseOf(e)}");
        }
    }

    /// <summary>Returns only when no process of the session is left; safe to call after the program has ended by itself.</summary>
    public async Task EndAsync(TimeSpan grace, TimeProvider time)
    {
        await ProcessSession.EndAsync(Pid, grace, time);
        Notice();
        await _exited.Task;
        foreach (var (key, descriptor) in _pipes)
        {
            _poller.Drain(key, descriptor, LastReadsMax);
            _poller.Remove(key, descriptor);
        }

        if (_handle is { } handle)
        {
            _poller.Remove(handle.Key, handle.Descriptor);
        }

        Reap();
        _log.EndOfOutput();
    }

    /// <summary>Registers both pipes and the handle, or closes those that it could not register.</summary>
    private void Watch(LaunchedProcess launched)
    {
        var unwatched = new Queue<int>([launched.Output, launched.Errors]);
        try
        {
            _pipes.Add((_poller.Add(launched.Output, key => Read(key, launched.Output, OutputStream.Out)), unwatched.Dequeue()));
            _pipes.Add((_poller.Add(launched.Errors, key => Read(key, launched.Errors, OutputStream.Error)), unwatched.Dequeue()));
            StartTime = ProcessTable.TryRead(Pid, out var stat) ? stat.StartTime : 0;
            var handle = Posix.PidfdOpen(Pid);
            if (handle < 0)
            {
                throw new LaunchException(MachineFailure.CauseOf(Marshal.GetLastPInvokeError()));
            }

            unwatched.Enqueue(handle);
            _handle = (_poller.Add(handle, key => Notice(key, handle)), unwatched.Dequeue());
        }
        finally
        {
            foreach (var descriptor in unwatched)
            {
                _ = Posix.Close(descriptor);
            }
        }
    }

    private unsafe void Read(ulong key, int descriptor, OutputStream stream)
    {
        var buffer = stackalloc byte[ReadBytes];
        var count = Posix.Read(descriptor, buffer, ReadBytes);
        if (count > 0)
        {
            _log.Write(stream, new ReadOnlySpan<byte>(buffer, (int)count));
        }
        else
        {
            _poller.Remove(key, descriptor);
        }
    }

    private void Notice(ulong key, int handle)
    {
        if (Notice())
        {
            _poller.Remove(key, handle);
        }
    }

    private bool Notice()
    {
        var ended = ExitStatus.TryPeek(Pid, out var status);
        if (ended)
        {
            _exited.TrySetResult(status);
        }

        return ended;
    }

    private unsafe void Reap()
    {
        int status;
        _ = Posix.WaitPid(Pid, &status, Posix.WaitNoHang);
    }
}
