namespace ControlPlane.Chaos.App;

/// <summary>Why a run has no result: what happened, and what to do about it.</summary>
internal sealed class ChaosException(ExitCode exit, string message) : Exception(message)
{
    public ExitCode Exit { get; } = exit;

    public static ChaosException Usage(string message) => new(ExitCode.Usage, message);
}
