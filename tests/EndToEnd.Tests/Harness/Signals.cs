using System.Runtime.InteropServices;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>Signals to one process.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    public static void Send(int pid, int signal) => _ = SendRaw(pid, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendRaw(int pid, int signal);
}
