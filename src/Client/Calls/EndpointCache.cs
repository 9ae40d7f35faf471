using ControlPlane.Security;
using Grpc.Net.Client;

namespace ControlPlane.Client;

/// <summary>
/// One endpoint for each address, made on first use. Holds at most <see cref="EndpointsMax"/>: when full, the one used longest
/// ago is forgotten. All share one handler, so forgetting breaks no call in flight; the connection closes when idle.
/// </summary>
internal sealed class EndpointCache(TlsSettings? tls = null) : IDisposable
{
    public const int EndpointsMax = 1_024;

    // Room for 6 MiB payloads and 4 MiB pages with their framing.
    private const int MessageBytesMax = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (Endpoint Endpoint, long LastUse)> _endpoints = [];
    private readonly SocketsHttpHandler _handler = NewHandler(tls);

    private long _uses;

    public Endpoint Get(string address)
    {
        lock (_lock)
        {
            var endpoint = _endpoints.TryGetValue(address, out var known) ? known.Endpoint : Open(address);
            _endpoints[address] = (endpoint, ++_uses);
            return endpoint;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _endpoints.Count;
            }
        }
    }

    public void Dispose()
    {
        _handler.Dispose();
        tls?.Dispose();
    }

    private static SocketsHttpHandler NewHandler(TlsSettings? tls)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            // A node that vanished without a word, or whose process hangs, is noticed by unanswered pings while a call waits for it: about when the
            // others have a new leader, and long before the caller's deadline. Connections without calls are not pinged.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = TimeSpan.FromSeconds(1),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(2),
        };

        if (tls is null)
        {
            handler.ConnectPlainly();
        }
        else
        {
            // A tenant's or an operator's certificate must not pass for a server's, whatever host it names.
            handler.Secure(tls, ExpectedPeer.NodeOrGate);
        }

        return handler;
    }

    private Endpoint Open(string address)
    {
        if (_endpoints.Count == EndpointsMax)
        {
            _endpoints.Remove(_endpoints.MinBy(e => e.Value.LastUse).Key);
        }

        return new Endpoint(address, GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = _handler,
            DisposeHttpClient = false,
            MaxReceiveMessageSize = MessageBytesMax,
            MaxSendMessageSize = MessageBytesMax,
        }));
    }
}
