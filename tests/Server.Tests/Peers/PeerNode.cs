using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ControlPlane.Journal.Replica;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;
using ControlPlane.Server.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
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

    private PeerNode(string name, X509Certificate2? certificate)
        : this(name)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(this).AddFilter((category, _) => category == typeof(PeerConnectionHandler).FullName);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IPeerHandler>(this);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }

            listen.UseConnectionHandler<PeerConnectionHandler>();
        }));
        _app = builder.Build();
    }

    /// <summary>Where it listens.</summary>
    public int Port => new Uri(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public Channel<PeerMessage> Arrived { get; } = Channel.CreateUnbounded<PeerMessage>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PeerNode> StartAsync(string name, X509Certificate2? certificate = null)
    {
        var node = new PeerNode(name, certificate);
        await node._app!.StartAsync(Cancellation);
        return node;
    }

    public async Task<IPeerLink> NextConnectedAsync() => await _connected.Reader.ReadAsync(Cancellation);

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
