using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>Serves the AWS Lambda Runtime API (2018-06-01) to all sandboxes of a worker: Kestrel's HTTP/1.1 and nothing above it.</summary>
internal sealed class RuntimeApiServer : IAsyncDisposable
{
    private readonly RuntimeListener _listener;
    private readonly KestrelServer _server;

    public RuntimeApiServer(ILoggerFactory loggers)
    {
        _listener = new RuntimeListener(loggers);
        var options = new KestrelServerOptions { ApplicationServices = NoServices.Instance, AddServerHeader = false };
        // Bodies are bounded by the application, which knows the Runtime API's answer for it; slow ones by the function's timeout.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(1);
        options.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(Options.Create(options), _listener, loggers);
    }

    public Task StartAsync(CancellationToken cancellationToken) =>
        _server.StartAsync(new RuntimeApiApplication(), cancellationToken);

    /// <summary>See <see cref="RuntimeListener.Open"/>.</summary>
    public RuntimeEndpoint Open(Exchange exchange) => _listener.Open(exchange);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        _server.Dispose();
    }

    /// <summary>Kestrel asks for services that only HTTPS and its configuration need.</summary>
    private sealed class NoServices : IServiceProvider
    {
        public static readonly NoServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
