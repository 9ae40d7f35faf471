using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;

namespace ControlPlane.Runtime.Peers;

/// <summary>A connected socket as a <see cref="PeerChannel"/>; owns the socket.</summary>
internal sealed class PeerTransport : IAsyncDisposable
{
    /// <summary>Bytes asked of the socket at a time: many small messages in one system call.</summary>
    private const int ReadBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;

    private PeerTransport(Socket socket, Stream stream)
    {
        (_socket, _stream) = (socket, stream);
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, minimumReadSize: ReadBytes / 4, leaveOpen: true));
        var output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        Channel = new PeerChannel(new DuplexPipe(input, output), Abort, HasMore);
    }

    public PeerChannel Channel { get; }

    /// <summary>Shakes hands if TLS is wanted. On failure the socket is the caller's to dispose.</summary>
    public static async Task<PeerTransport> OverAsync(Socket socket, SslClientAuthenticationOptions? tls, CancellationToken cancellation)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: false);
        if (tls is not null)
        {
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(tls, cancellation);
            stream = secured;
        }

        return new PeerTransport(socket, stream);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _stream.DisposeAsync();
    }

    private void Abort() => _socket.Dispose();

    private bool HasMore()
    {
        try
        {
            return _socket.Available > 0;
        }
        catch (Exception fault) when (PeerFaults.IsLostConnection(fault))
        {
            return false;
        }
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
