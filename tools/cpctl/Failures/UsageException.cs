namespace ControlPlane.Cpctl;

/// <summary>An argument that parsed but cannot be used (a file that is not there, for instance); nothing was sent.</summary>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
