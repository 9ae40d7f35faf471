using ControlPlane.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ControlPlane.Access;

/// <summary>Who is at the other end of a connection that came in through <see cref="TlsListening.UseTls"/>.</summary>
/// <param name="Identity">Null if its certificate, though of a trusted authority, names none.</param>
public sealed record ConnectedPeer(PeerIdentity? Identity);

/// <summary>Mutual TLS on a listener of Kestrel.</summary>
public static class TlsListening
{
    /// <summary>A peer that does not finish its handshake in this time is cut off.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Every connection of this listener is mutual TLS with whom is <paramref name="expected"/>; others end in the handshake. Each
    /// connection has a <see cref="ConnectedPeer"/> among its features, for gRPC services and raw connection handlers alike.
    /// </summary>
    /// <example>For connections between nodes: <c>listen.UseTls(tls, ExpectedPeer.Node)</c>.</example>
    public static ListenOptions UseTls(this ListenOptions listen, TlsSettings tls, ExpectedPeer expected)
    {
        listen.UseHttps(HandshakeOptions(tls, expected));
        listen.Use(next => connection =>
        {
            // Once for a connection, not for each call on it.
            var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
            connection.Features.Set(new ConnectedPeer(certificate is null ? null : PeerIdentity.Read(certificate, out _)));
            return next(connection);
        });
        return listen;
    }

    /// <summary>For a listener that is set up elsewhere: what its HTTPS needs. Certificates are chosen anew for each connection.</summary>
    public static TlsHandshakeCallbackOptions HandshakeOptions(TlsSettings tls, ExpectedPeer expected) => new()
    {
        OnConnection = _ => ValueTask.FromResult(tls.ServerOptions(expected)),
        HandshakeTimeout = HandshakeTimeout,
    };

    /// <summary>Who is at the other end of a raw connection, or null.</summary>
    public static PeerIdentity? PeerOf(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return connection.Features.Get<ConnectedPeer>()?.Identity;
    }

    /// <summary>Who makes a call, or null.</summary>
    public static PeerIdentity? PeerOf(ServerCallContext call) => call.GetHttpContext().Features.Get<ConnectedPeer>()?.Identity;

    /// <summary>True if the call came over mutual TLS, whoever makes it.</summary>
    internal static bool IsSecured(ServerCallContext call) => call.GetHttpContext().Features.Get<ConnectedPeer>() is not null;
}
