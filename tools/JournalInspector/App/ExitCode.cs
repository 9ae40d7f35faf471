namespace ControlPlane.JournalInspector.App;

/// <summary>How a run ended, for scripts. The numbers are part of the tool's interface (64 and up as in sysexits.h).</summary>
internal enum ExitCode
{
    Ok = 0,
    HarmlessDamage = 1,
    AcknowledgedDamage = 2,
    Usage = 64,
    NoInput = 66,
    Internal = 70,
    Unreadable = 74,
    Interrupted = 130,
}

/// <summary>What each code means, as <c>--help</c> says it.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<string> Explanations { get; } =
    [
        "0    done; verify: everything is whole; diff: the replicas agree; salvage: all is in the copy",
        "1    verify: damage that loses nothing acknowledged (a torn tail, one slot of a pair, a snapshot that others cover);",
        "     diff: only tails that were never committed differ; salvage: the copy lacks only those, or history below a snapshot",
        "2    acknowledged data is damaged, missing or in doubt (verify says whether a start refuses it);",
        "     diff: committed entries differ, or cannot be read; salvage: acknowledged entries are not in the copy",
        "64   wrong usage",
        "66   there is no journal, or what was asked for is not in it",
        "70   internal error",
        "74   the disk could not be read",
        "130  interrupted",
    ];
}
