using System.Net;
using System.Net.Sockets;
using ControlPlane.Runtime.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>The accepting side over real sockets, on a loopback port.</summary>
internal sealed class LoopbackNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;

    public LoopbackNode(IPeerHandler handler, int port = 0)
    {
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync(handler);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync(IPeerHandler handler)
    {
        var serving = new List<Task>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                serving.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token), handler));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(Socket socket, IPeerHandler handler)
    {
        await using var transport = await PeerTransport.OverAsync(socket, tls: null, _stop.Token);
        await new PeerConnection(transport.Channel, handler, wanted: null, NullLogger.Instance, TimeProvider.System).RunAsync(null, _stop.Token);
    }
}
