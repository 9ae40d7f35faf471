using System.Net.Sockets;
using System.Security.Authentication;

namespace ControlPlane.Runtime.Peers;

/// <summary>Tells the ends of a connection from errors of the program.</summary>
internal static class PeerFaults
{
    /// <summary>True for what sockets, TLS and pipes throw when a connection breaks, is refused or is aborted.</summary>
    public static bool IsLostConnection(Exception fault) =>
        fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException or InvalidOperationException;
}
