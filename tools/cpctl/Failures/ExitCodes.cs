using ControlPlane.Client;

namespace ControlPlane.Cpctl;

/// <summary>From what is known about a call to the exit code, and what each code means.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<string> Explanations { get; } =
    [
        "0    done",
        "1    refused, or the function failed; the reason is on standard error",
        "2    outcome unknown: it may have happened; ask again with the same --request-id, or `cpctl lookup`",
        "64   wrong usage; nothing was sent",
        "69   no plane answers; nothing happened",
        "70   internal error",
        "74   serve, dev: the journal could not be read or written; it was left as it is",
        "78   serve, dev, worker: the configuration cannot be used; all: the certificate files cannot",
        "130  interrupted",
    ];

    public static ExitCode Of(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Refused => ExitCode.Refused,
        CallOutcome.Unreachable => ExitCode.Unavailable,
        CallOutcome.Unknown => ExitCode.UnknownOutcome,
        _ => ExitCode.Internal,
    };
}
