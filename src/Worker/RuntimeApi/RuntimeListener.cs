using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>
/// One transport with many doors: a listening socket for each process, opened and closed while the server runs, all served by
/// one Kestrel. A runtime sends nothing that tells sandboxes apart, so the address that it dials must.
/// </summary>
/// <remarks>
/// Rejected: a Kestrel endpoint per sandbox (cannot be added to a running server without reloading its configuration), one
/// port told apart by 127.x.y.z (needs a socket per address all the same), and asking the kernel who owns the peer's port.
/// </remarks>
internal sealed class RuntimeListener : IConnectionListenerFactory, IConnectionListener
{
    private const int AcceptedMax = 1024;

    private readonly SocketConnectionContextFactory _connections;
    private readonly Channel<ConnectionContext> _accepted = Channel.CreateBounded<ConnectionContext>(AcceptedMax);

    public RuntimeListener(ILoggerFactory loggers) =>
        _connections = new SocketConnectionContextFactory(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());

    /// <summary>Nominal: the doors have addresses of their own.</summary>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <summary>Opens a door; the caller closes it by disposing it.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The machine has no port or descriptor left.</exception>
    public RuntimeEndpoint Open(Exchange exchange)
    {
        var endpoint = new RuntimeEndpoint(exchange);
        _ = AcceptAllAsync(endpoint);
        return endpoint;
    }

    ValueTask<IConnectionListener> IConnectionListenerFactory.BindAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        EndPoint = endpoint;
        return ValueTask.FromResult<IConnectionListener>(this);
    }

    async ValueTask<ConnectionContext?> IConnectionListener.AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var next) ? next : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    ValueTask IConnectionListener.UnbindAsync(CancellationToken cancellationToken)
    {
        _accepted.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    ValueTask IAsyncDisposable.DisposeAsync()
    {
        _connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAllAsync(RuntimeEndpoint endpoint)
    {
        while (await endpoint.AcceptAsync() is { } socket)
        {
            var connection = _connections.Create(socket);
            connection.Features.Set(endpoint.Exchange);
            if (!_accepted.Writer.TryWrite(connection))
            {
                // The server stops, or a thousand connections wait to be served: the runtime sees a reset and dials again.
                await connection.DisposeAsync();
            }
        }
    }
}
