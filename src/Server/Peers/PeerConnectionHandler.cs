using System.Net;
using System.Net.Sockets;
using ControlPlane.Runtime.Peers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Peers;

/// <summary>
/// Serves the connections that other nodes have dialled: <c>listen.UseConnectionHandler&lt;PeerConnectionHandler&gt;()</c>, behind <c>UseHttps</c>
/// if there is TLS. A stop of the server ends them. Kestrel's minimum data rates concern HTTP only: a quiet peer is not disconnected.
/// </summary>
public sealed class PeerConnectionHandler(IPeerHandler handler, TimeProvider time, ILogger<PeerConnectionHandler> logger) : ConnectionHandler
{
    private readonly RefusedPeers _refused = new();

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var remote = connection.RemoteEndPoint;
        var channel = new PeerChannel(connection.Transport, connection.Abort, MoreWaiting(connection));
        var link = new PeerConnection(channel, handler, wanted: null, logger, time);
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
