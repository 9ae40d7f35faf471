using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ControlPlane.Worker.Processes;

/// <summary>Puts into words, for the plane and for people, why the machine did not give what a sandbox needs.</summary>
internal static class MachineFailure
{
    /// <summary>The agent goes on: it refuses what needs more of them.</summary>
    public const string NoDescriptors = "no file descriptors left (raise the worker's `ulimit -n`)";

    /// <summary>The cause behind an error number of the C library.</summary>
    public static string CauseOf(int error) => IsShortage(error) ? NoDescriptors : Marshal.GetPInvokeErrorMessage(error);

    /// <summary>The cause behind a failed file or socket operation.</summary>
    public static string CauseOf(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } => NoDescriptors,
        IOException when IsShortage(failure.HResult) => NoDescriptors,
        _ => failure.Message,
    };

    private static bool IsShortage(int error) => error is Posix.NoDescriptorsInProcess or Posix.NoDescriptorsOnMachine;
}
