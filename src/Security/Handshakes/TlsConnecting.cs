using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace ControlPlane.Security;

/// <summary>Lets an HTTP handler dial with mutual TLS.</summary>
public static class TlsConnecting
{
    /// <summary>
    /// From here on every connection of <paramref name="handler"/> is made with what <paramref name="tls"/> holds at that moment,
    /// leads to whom is <paramref name="expected"/>, and speaks HTTP/2; a plaintext address is refused before anything is sent.
    /// </summary>
    public static void Secure(this SocketsHttpHandler handler, TlsSettings tls, ExpectedPeer expected)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(tls);

        // Made here and not by the handler, whose options are fixed with its first connection: certificates change, it does not.
        handler.ConnectCallback = async (context, cancellation) =>
            context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps
                ? await ConnectAsync(context.DnsEndPoint, tls, expected, cancellation).ConfigureAwait(false)
                : throw new AuthenticationException($"{context.InitialRequestMessage.RequestUri} is plaintext, and this program speaks TLS only; write https");
    }

    private static async Task<SslStream> ConnectAsync(DnsEndPoint address, TlsSettings tls, ExpectedPeer expected, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        string? refusal = null;
        try
        {
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            var options = tls.ClientOptions(address.Host, expected, reason => refusal = reason);
            options.ApplicationProtocols = [SslApplicationProtocol.Http2];
            await stream.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
            return stream;
        }
        catch (Exception e)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            if (refusal is not null)
            {
                throw new AuthenticationException($"{address.Host}:{address.Port} is not whom it should be: {refusal}", e);
            }

            throw;
        }
    }
}
