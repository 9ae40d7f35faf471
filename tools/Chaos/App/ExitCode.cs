namespace ControlPlane.Chaos.App;

/// <summary>How a run ended, for scripts. The numbers are part of the tool's interface.</summary>
internal enum ExitCode
{
    Pass = 0,
    Safety = 1,
    Unknown = 2,
    Liveness = 3,
    Usage = 64,
    Internal = 70,
    Skipped = 77,
    Interrupted = 130,
}

/// <summary>What each code means, as <c>--help</c> says it.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<string> Explanations { get; } =
    [
        "0    everything that was checked held",
        "1    safety: something happened that must never happen",
        "2    unknown: too little happened to say anything",
        "3    liveness: it did not recover, or not in time",
        "64   wrong usage, or a scenario file that cannot be used",
        "70   internal error",
        "77   skipped: this machine does not allow what the scenario needs (doctor says what it allows)",
        "130  interrupted",
    ];
}
