namespace ControlPlane.Simulator.App;

/// <summary>How a run ended, for scripts. The numbers are part of the tool's interface.</summary>
internal enum ExitCode
{
    Passed = 0,
    Unsafe = 1,
    TooLittleCovered = 2,
    NotLive = 3,
    Nondeterministic = 4,
    Usage = 64,
    Internal = 70,
}

/// <summary>What each code means, as <c>--help</c> says it.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<string> Explanations { get; } =
    [
        "0    nothing is wrong (shrink, replay: the violation was reproduced; mutants: all were killed)",
        "1    safety: something happened that must never happen",
        "2    unknown: too little was covered, or what was to be reproduced was not",
        "3    liveness: all was mended, and the plane did not come back",
        "4    nondeterminism: two runs of one plan differ",
        "64   wrong usage",
        "70   internal error",
    ];
}
