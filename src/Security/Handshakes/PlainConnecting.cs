using System.Net.Sockets;

namespace ControlPlane.Security;

/// <summary>Lets an HTTP handler dial in plaintext.</summary>
public static class PlainConnecting
{
    /// <summary>
    /// From here on connections of <paramref name="handler"/> are made here. A gRPC channel then leaves connecting to the handler: for a handler without a
    /// callback it would keep connections ready by its own client-side load balancing, in which calls can wait for a connection that nobody makes any more
    /// (seen with calls that raced with broken connections; grpc-dotnet's issues 2407 and 2420 tell of others).
    /// </summary>
    public static void ConnectPlainly(this SocketsHttpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        handler.ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
    }
}
