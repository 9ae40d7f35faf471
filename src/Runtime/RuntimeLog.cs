using Microsoft.Extensions.Logging;

namespace ControlPlane.Runtime;

/// <summary>Everything that the runtime logs: transitions, never calls.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1, LogLevel.Information, "Connected to peer {Peer} at {Address}")]
    public static partial void PeerConnected(this ILogger logger, string peer, string address);

    [LoggerMessage(2, LogLevel.Warning, "No connection to peer {Peer} at {Address}: {Reason}. It is dialled again until it answers; this is not repeated until something changes")]
    public static partial void PeerUnreachable(this ILogger logger, string peer, string address, string reason);

    [LoggerMessage(3, LogLevel.Error, "A message from peer {Peer} could not be handled; the connection is ended and made anew")]
    public static partial void PeerHandlerFailed(this ILogger logger, string peer, Exception fault);
}
