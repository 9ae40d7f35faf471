namespace ControlPlane.Server.Configuration;

/// <summary>How a node's process ends, in the numbers of sysexits.h, so that a supervisor can tell "fix the file" from "look at the disk".</summary>
public enum ExitCode
{
    /// <summary>Asked to stop, and stopped in good order.</summary>
    Success = 0,

    /// <summary>A bug: a broken invariant or an exception that nobody expected (EX_SOFTWARE).</summary>
    Internal = 70,

    /// <summary>The journal could not be written or read; it was left as it is (EX_IOERR).</summary>
    JournalFault = 74,

    /// <summary>The configuration says something that cannot be (EX_CONFIG).</summary>
    Configuration = 78,
}
