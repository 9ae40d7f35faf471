namespace ControlPlane.Cpctl;

/// <summary>What was to run in this process could not start, or has ended by a fault.</summary>
internal sealed class HostingException(ExitCode exit, string reason, string message, string remedy) : Exception(message)
{
    public ExitCode Exit { get; } = exit;

    public string Reason { get; } = reason;

    public string Remedy { get; } = remedy;
}
