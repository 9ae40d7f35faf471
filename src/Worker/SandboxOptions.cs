namespace ControlPlane.Worker;

/// <summary>Limits that hold for every sandbox of a worker.</summary>
public sealed class SandboxOptions
{
    /// <summary>From process start until the runtime asks for its first event; longer is a failed start.</summary>
    public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Between asking a process group to end (TERM) and forcing it (KILL).</summary>
    public TimeSpan KillGrace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the memory of all sandboxes is looked at.</summary>
    public TimeSpan MemoryLookInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest line of output; a longer one is cut into several.</summary>
    public int LogLineBytesMax { get; set; } = 8 * 1024;

    /// <summary>Output kept per sandbox and second; the rest is dropped and counted.</summary>
    public int LogBytesPerSecondMax { get; set; } = 1024 * 1024;

    /// <summary>Size at which a sandbox's log file is rotated; two files are kept.</summary>
    public int LogFileBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>How many logs of sandboxes that have ended are kept; the oldest go first.</summary>
    public int EndedLogsMax { get; set; } = 200;
}
