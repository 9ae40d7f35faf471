using System.Net.Security;

namespace ControlPlane.Runtime.Peers;

/// <summary>Whom a node dials, and how.</summary>
public sealed record PeerMeshOptions
{
    /// <summary>The other nodes.</summary>
    public required IReadOnlyList<PeerAddress> Peers { get; init; }

    /// <summary>Makes the TLS settings of a connection, for each attempt anew so that certificates may change; null: no TLS.</summary>
    public Func<PeerAddress, SslClientAuthenticationOptions>? Tls { get; init; }
}
