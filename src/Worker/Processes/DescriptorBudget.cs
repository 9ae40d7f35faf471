namespace ControlPlane.Worker.Processes;

/// <summary>
/// How many sandboxes the process's file descriptors suffice for. Counted ahead rather than found out: a .NET process that
/// has run out of descriptors may end with "Out of memory", and would take every other sandbox with it.
/// </summary>
internal sealed class DescriptorBudget(long descriptorsMax)
{
    // Door, two pipes, process handle, log, the runtime's connection and its next one, a state file being written.
    private const int PerSandbox = 8;

    // The runtime itself (about 200), the session with the plane, callers' connections to the gate.
    private const int Kept = 256;

    /// <summary>Of this process, as the machine allows now.</summary>
    public static unsafe DescriptorBudget OfThisProcess()
    {
        // struct rlimit: the limit in force, then the highest one to which it may be raised.
        var limits = stackalloc ulong[2];
        return Posix.GetLimit(Posix.LimitOfDescriptors, limits) == 0
            ? new DescriptorBudget((long)Math.Min(limits[0], long.MaxValue))
            : throw new InvalidOperationException("this machine does not tell its limit of file descriptors");
    }

    /// <summary>True if this many sandboxes at once leave the agent what it needs.</summary>
    public bool Admits(int sandboxes) => ((long)sandboxes * PerSandbox) + Kept <= descriptorsMax;
}
