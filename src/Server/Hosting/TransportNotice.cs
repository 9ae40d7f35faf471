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
        _ when IPAddress.IsLoopback(options.Listen.Address) => "plaintext on loopback",
        _ => "PLAINTEXT ON THE NETWORK",
    };

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Tls is null && !IPAddress.IsLoopback(options.Listen.Address))
        {
            logger.PlaintextOnTheNetwork(options.Listen);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
