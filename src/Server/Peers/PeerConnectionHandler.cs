using System.Net;
using System.Net.Sockets;
using ControlPlane.Access;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Peers;

/// <summary>
/// Serves the connections that other nodes have dialled: <c>listen.UseConnectionHandler&lt;PeerConnectionHandler&gt;()</c>, behind <c>UseTls</c>
/// if there is TLS; then a node is heard only under the name that its certificate says. A stop of the server ends them. Kestrel's minimum data rates concern HTTP only: a quiet peer is not disconnected.
/// </summary>
public sealed class PeerConnectionHandler(IPeerHandler handler, TimeProvider time, ILogger<PeerConnectionHandler> logger) : ConnectionHandler
{
    private readonly RefusedPeers _refused = new();

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var remote = connection.RemoteEndPoint;
        var channel = new PeerChannel(connection.Transport, connection.Abort, MoreWaiting(connection));
        var link = new PeerConnection(channel, handler, wanted: null, logger, time, CertifiedName(connection));
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var end = await link.RunAsync(peer => logger.PeerAccepted(peer.Node, remote), closing);
        if (end.Peer is { } node)
        {
            logger.PeerLeft(node.Node, remote, end.Reason);
            _refused.Forget(AddressOf(remote));
        }
        else if (!closing.IsCancellationRequested && _refused.IsNew(AddressOf(remote), end.Reason))
        {
            logger.PeerRefused(remote, end.Reason);
        }
    }

    /// <summary>The node whose certificate was shown; empty, which is no node's name, if it was nobody's; null without TLS.</summary>
    private static string? CertifiedName(ConnectionContext connection) =>
        connection.Features.Get<ConnectedPeer>() is { } peer ? peer.Identity is { Role: Role.Replica } node ? node.Name : "" : null;

    private static Func<bool>? MoreWaiting(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return null;
        }

        return () =>
        {
            try
            {
                return socket.Available > 0;
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return false;
            }
        };
    }

    /// <summary>Without the port, which is another at each attempt.</summary>
    private static string AddressOf(EndPoint? remote) => remote is IPEndPoint ip ? ip.Address.ToString() : remote?.ToString() ?? "";
}
