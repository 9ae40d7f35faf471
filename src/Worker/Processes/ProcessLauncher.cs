using System.Runtime.InteropServices;
using ControlPlane.Primitives;

namespace ControlPlane.Worker.Processes;

/// <summary>
/// Starts a program as the leader of a session (and so of a process group) of its own, in one step.
/// <c>System.Diagnostics.Process</c> cannot do that, and an intermediate <c>setsid</c> program would leave a moment in which
/// a killed agent knows neither group. Signals are reset to their defaults: .NET ignores SIGPIPE, and a child would inherit that.
/// </summary>
internal static unsafe class ProcessLauncher
{
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;
    private const short SetSession = 0x80;

    // The C library's structures are opaque: glibc's are 336, 80 and 128 bytes, musl's no larger.
    private const int OpaqueBytes = 512;

    /// <summary>
    /// The process runs (or has already ended) when this returns. The caller owns the two file descriptors and must wait
    /// for the process.
    /// </summary>
    /// <exception cref="LaunchException">Nothing was started; the message names the program and the cause.</exception>
    public static LaunchedProcess Launch(LaunchSpec spec)
    {
        Invariant.Check(spec.Command.Count > 0, "a command names a program");
        var ends = stackalloc int[4];
        ThrowOnFailure(Posix.Pipe(ends, Posix.CloseOnExec) == 0 ? 0 : Marshal.GetLastPInvokeError(), spec, "pipe");
        if (Posix.Pipe(ends + 2, Posix.CloseOnExec) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            CloseAll(ends, 2);
            ThrowOnFailure(error, spec, "pipe");
        }

        var failure = Spawn(spec, output: ends[1], errors: ends[3], out var pid);
        _ = Posix.Close(ends[1]);
        _ = Posix.Close(ends[3]);
        if (failure != 0)
        {
            _ = Posix.Close(ends[0]);
            _ = Posix.Close(ends[2]);
            ThrowOnFailure(failure, spec, "start");
        }

        return new LaunchedProcess(pid, ends[0], ends[2]);
    }

    private static int Spawn(LaunchSpec spec, int output, int errors, out int pid)
    {
        byte* actions = stackalloc byte[OpaqueBytes], attributes = stackalloc byte[OpaqueBytes], signals = stackalloc byte[OpaqueBytes];
        using var arguments = new NativeStrings(spec.Command);
        using var environment = new NativeStrings(spec.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        _ = Posix.ActionsInit(actions);
        _ = Posix.AttributesInit(attributes);
        try
        {
            _ = Posix.ActionsAddOpen(actions, 0, "/dev/null", Posix.ReadOnly, 0);
            _ = Posix.ActionsAddDuplicate(actions, output, 1);
            _ = Posix.ActionsAddDuplicate(actions, errors, 2);
            _ = Posix.ActionsAddChangeDirectory(actions, spec.Directory);
            _ = Posix.SignalsFill(signals);
            _ = Posix.AttributesSetDefaultSignals(attributes, signals);
            _ = Posix.SignalsEmpty(signals);
            _ = Posix.AttributesSetSignalMask(attributes, signals);
            _ = Posix.AttributesSetFlags(attributes, SetSignalDefaults | SetSignalMask | SetSession);

            int started;
            var failure = Posix.SpawnFromPath(&started, Resolve(spec), actions, attributes, arguments.Pointer, environment.Pointer);
            pid = failure == 0 ? started : 0;
            return failure;
        }
        finally
        {
            _ = Posix.ActionsDestroy(actions);
            _ = Posix.AttributesDestroy(attributes);
        }
    }

    private static string Resolve(LaunchSpec spec)
    {
        var program = spec.Command[0];
        var local = Path.Combine(spec.Directory, program);
        return !program.Contains('/', StringComparison.Ordinal) && File.Exists(local) ? local : program;
    }

    private static void CloseAll(int* descriptors, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _ = Posix.Close(descriptors[i]);
        }
    }

    private static void ThrowOnFailure(int error, LaunchSpec spec, string step)
    {
        if (error != 0)
        {
            throw new LaunchException(
                $"could not {step} '{spec.Command[0]}' in {spec.Directory}: {MachineFailure.CauseOf(error)}");
        }
    }
}
