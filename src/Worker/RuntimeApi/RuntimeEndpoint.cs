using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>
/// The loopback address that one process finds in <c>AWS_LAMBDA_RUNTIME_API</c>. Every connection made to it speaks for that
/// process and no other: the listener stamps it with the process's <see cref="Exchange"/>.
/// </summary>
internal sealed class RuntimeEndpoint : IDisposable
{
    private const int Backlog = 16;
    private static readonly TimeSpan AcceptAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;

    internal RuntimeEndpoint(Exchange exchange)
    {
        Exchange = exchange;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen(Backlog);
        }
        catch (SocketException)
        {
            _socket.Dispose();
            throw;
        }

        Address = _socket.LocalEndPoint!.ToString()!;
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>Where this process meets the gate.</summary>
    public Exchange Exchange { get; }

    /// <summary>The next connection; null when the endpoint is closed.</summary>
    internal async Task<Socket?> AcceptAsync()
    {
        while (true)
        {
            try
            {
                var socket = await _socket.AcceptAsync();
                socket.NoDelay = true;
                return socket;
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException)
            {
                // No descriptor just now, or the runtime hung up at once: a door that stopped accepting would be a sandbox that hangs.
                await Task.Delay(AcceptAgainAfter);
            }
        }
    }

    /// <summary>Accepts no more connections.</summary>
    public void Dispose() => _socket.Dispose();
}
