namespace ControlPlane.CrashExplorer.App;

/// <summary>How a run ended, for scripts. The numbers are part of the tool's interface (64 and up as in sysexits.h).</summary>
internal enum ExitCode
{
    Pass = 0,
    Violation = 1,
    TooLittleCoverage = 2,
    Usage = 64,
    Internal = 70,
}
