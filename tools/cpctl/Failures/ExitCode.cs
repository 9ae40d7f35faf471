namespace ControlPlane.Cpctl;

/// <summary>How a run ended, for scripts. The numbers are part of the tool's interface (64 and up as in sysexits.h).</summary>
internal enum ExitCode
{
    Ok = 0,
    Refused = 1,
    UnknownOutcome = 2,
    Usage = 64,
    Unavailable = 69,
    Internal = 70,
    JournalFault = 74,
    Configuration = 78,
    Interrupted = 130,
}
