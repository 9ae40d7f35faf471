namespace ControlPlane.Journal.Disk.Faults;

/// <summary>What a <see cref="FaultInjectingDisk"/> does instead of, or before, an operation.</summary>
public abstract record DiskFault
{
    private DiskFault()
    {
    }

    /// <summary>EIO: the operation has no effect and throws.</summary>
    public static DiskFault InputOutputError { get; } = new Fail("Input/output error (errno 5, injected)");

    /// <summary>ENOSPC: the operation has no effect and throws.</summary>
    public static DiskFault NoSpace { get; } = new Fail("No space left on device (errno 28, injected)");

    /// <summary>The operation has no effect and throws with <paramref name="Reason"/>.</summary>
    public sealed record Fail(string Reason) : DiskFault;

    /// <summary>A write of which only the first <paramref name="Bytes"/> bytes arrive; then it throws.</summary>
    public sealed record ShortWrite(int Bytes, string Reason) : DiskFault;

    /// <summary>
    /// A write of which only the sectors that <paramref name="Arrives"/> accepts (numbered from 0 within the write)
    /// reach the file, although success is reported: a torn write, as a power cut leaves it.
    /// </summary>
    public sealed record TornWrite(Func<int, bool> Arrives) : DiskFault;

    /// <summary>Success is reported and nothing is done: a lost write, or a sync that a drive's cache swallowed.</summary>
    public sealed record Lost : DiskFault;

    /// <summary>The operation runs after <paramref name="Wait"/> returned: a slow disk, or a test that holds a sync back.</summary>
    public sealed record Delay(Action Wait) : DiskFault;
}
