using ControlPlane.Primitives;
using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Processes;

/// <summary>
/// One run of a function's program, with everything that it forks inside its session. Its output goes to the sandbox's log;
/// its end completes <see cref="Exited"/>.
/// </summary>
internal sealed class SandboxProcess
{
    private const int ReadBytes = 32 * 1024;

    private readonly Poller _poller;
    private readonly SandboxLog _log;
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(ulong Key, int Descriptor)> _registrations = [];

    private SandboxProcess(Poller poller, SandboxLog log, int pid)
    {
        _poller = poller;
        _log = log;
        Pid = pid;
        StartTime = ProcessTable.TryRead(pid, out var stat) ? stat.StartTime : 0;
    }

    /// <summary>Also the number of its session and of its first group.</summary>
    public int Pid { get; }

    /// <summary>See <see cref="ProcessStat.StartTime"/>.</summary>
    public ulong StartTime { get; }

    /// <summary>Completes when the program itself (not what it forked) has ended.</summary>
    public Task<ExitStatus> Exited => _exited.Task;

    /// <summary>The program runs when this returns.</summary>
    /// <exception cref="LaunchException">It could not be started.</exception>
    public static SandboxProcess Start(LaunchSpec spec, SandboxLog log, Poller poller)
    {
        var launched = ProcessLauncher.Launch(spec);
        var process = new SandboxProcess(poller, log, launched.Pid);
        process.Watch(launched);
        return process;
    }

    /// <summary>Returns only when no process of the session is left; safe to call after the program has ended by itself.</summary>
    public async Task EndAsync(TimeSpan grace, TimeProvider time)
    {
        // The program is reaped by the poller, but its number stays taken while anything of its session lives.
        await ProcessSession.EndAsync(Pid, grace, time);
        await _exited.Task;
        foreach (var (key, descriptor) in _registrations)
        {
            _poller.Remove(key, descriptor);
        }

        _log.EndOfOutput();
    }

    private void Watch(LaunchedProcess launched)
    {
        Listen(launched.Output, key => Drain(key, launched.Output, OutputStream.Out));
        Listen(launched.Errors, key => Drain(key, launched.Errors, OutputStream.Error));
        var handle = Posix.PidfdOpen(Pid);
        Invariant.Check(handle >= 0, "a child that was not waited for has a handle");
        Listen(handle, key => Reap(key, handle));
    }

    private void Listen(int descriptor, Action<ulong> onReadable) =>
        _registrations.Add((_poller.Add(descriptor, onReadable), descriptor));

    private unsafe void Drain(ulong key, int descriptor, OutputStream stream)
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

    private unsafe void Reap(ulong key, int handle)
    {
        int status;
        if (Posix.WaitPid(Pid, &status, Posix.WaitNoHang) == Pid)
        {
            _poller.Remove(key, handle);
            _exited.TrySetResult(new ExitStatus(status));
        }
    }
}
