using Microsoft.Extensions.Logging;

namespace ControlPlane.Security;

/// <summary>Everything that is logged of certificates: transitions, and refused peers at a bounded rate.</summary>
internal static partial class SecurityLog
{
    [LoggerMessage(1, LogLevel.Information, "Mutual TLS as {Identity}; the certificate is valid until {ValidUntil:u}")]
    public static partial void InUse(this ILogger logger, PeerIdentity identity, DateTimeOffset validUntil);

    [LoggerMessage(2, LogLevel.Information, "The certificate files have changed: new connections use them, as {Identity}, valid until {ValidUntil:u}")]
    public static partial void Reloaded(this ILogger logger, PeerIdentity identity, DateTimeOffset validUntil);

    [LoggerMessage(3, LogLevel.Warning, "The certificate files have changed and cannot be used, so the ones before stay in use: {Problems}")]
    public static partial void NotReloaded(this ILogger logger, string problems);

    [LoggerMessage(4, LogLevel.Warning, "Refused a peer's certificate: {Reason}; {Others} others since the last such line")]
    public static partial void PeerRefused(this ILogger logger, string reason, long others);
}
