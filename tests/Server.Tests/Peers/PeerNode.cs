using System.Net;
using System.Threading.Channels;
using ControlPlane.Access;
using ControlPlane.Journal.Replica;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using ControlPlane.Server.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Tests.Peers;

/// <summary>A node's peer port alone, in this process: it answers each message with the same one.</summary>
internal sealed class PeerNode : IPeerHandler, ILoggerProvider, ILogger, IAsyncDisposable
{
    private readonly Channel<IPeerLink> _connected = Channel.CreateUnbounded<IPeerLink>();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly string _name;
    private readonly WebApplication? _app;

    public PeerNode(string name) => _name = name;

    private PeerNode(string name, TlsSettings? tls)
        : this(name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(this).AddFilter((category, _) => category == typeof(PeerConnectionHandler).FullName);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IPeerHandler>(this);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls is not null)
            {
                listen.UseTls(tls, ExpectedPeer.Node);
                listen.Use(next => connection =>
                {
                    Serials.Writer.TryWrite(connection.Features.Get<ITlsConnectionFeature>()!.ClientCertificate!.SerialNumber);
                    return next(connection);
                });
            }

            listen.UseConnectionHandler<PeerConnectionHandler>();
        }));
        _app = builder.Build();
    }

    /// <summary>Where it listens.</summary>
    public int Port => new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>The certificates that were shown by those who came through the handshake.</summary>
    public Channel<string> Serials { get; } = Channel.CreateUnbounded<string>();

    public Channel<PeerMessage> Arrived { get; } = Channel.CreateUnbounded<PeerMessage>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PeerNode> StartAsync(string name, TlsSettings? tls = null)
    {
        var node = new PeerNode(name, tls);
        await node._app!.StartAsync(Cancellation);
        return node;
    }

    public async Task<IPeerLink> NextConnectedAsync() => await _connected.Reader.ReadAsync(Cancellation);

    public bool HasConnected => _connected.Reader.TryPeek(out _);

    public async Task<string> NextLineAsync() => await _lines.Reader.ReadAsync(Cancellation);

    public bool HasLine => _lines.Reader.TryPeek(out _);

    public NodeGreeting Greeting() => new(new ClusterId(1), _name, "", []);

    public void Connected(IPeerLink link) => _connected.Writer.TryWrite(link);

    public void Disconnected(IPeerLink link)
    {
    }

    void IPeerHandler.Received(IPeerLink link, PeerBatch batch)
    {
        using (batch)
        {
            foreach (var envelope in batch.Envelopes)
            {
                if (link.IsDialled)
                {
                    Arrived.Writer.TryWrite(envelope.Message);
                }
                else
                {
                    link.TrySend(envelope);
                }
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite(formatter(state, exception));

    public void Dispose()
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(CancellationToken.None);
            await _app.DisposeAsync();
        }
    }
}
