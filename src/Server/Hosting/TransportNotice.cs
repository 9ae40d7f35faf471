using System.Net;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server.Hosting;

/// <summary>Says how callers reach the node: in its status, and with a warning at each start that leaves it open to the network.</summary>
internal sealed class TransportNotice(NodeOptions options, ILogger<TransportNotice> logger) : IHostedService
{
    /// <summary>In a few words, for operators.</summary>
    public static string Describe(NodeOptions options) => options switch
    {
        { Tls: not null } => "mutual TLS",
        _ when !Open(options).Any() => "plaintext on loopback",
        _ => "PLAINTEXT ON THE NETWORK",
    };

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var listen in options.Tls is null ? Open(options) : [])
        {
            logger.PlaintextOnTheNetwork(listen);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<IPEndPoint> Open(NodeOptions options) =>
        new[] { options.Listen, options.Cluster?.Listen }.OfType<IPEndPoint>().Where(listen => !IPAddress.IsLoopback(listen.Address));
}
