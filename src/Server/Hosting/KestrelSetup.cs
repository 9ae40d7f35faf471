using ControlPlane.Access;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Peers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Server.Hosting;

/// <summary>How the node listens: HTTP/2 only, and bounds that a thousand idle connections do not reach.</summary>
internal static class KestrelSetup
{
    /// <summary>Most connections at a time; one more is closed at once. An idle one costs some tens of kilobytes.</summary>
    public const int ConnectionsMax = 20_000;

    /// <summary>Most calls in flight on one connection; the client queues what is more.</summary>
    public const int StreamsPerConnectionMax = 1_000;

    /// <summary>Largest message that is read, in bytes: an append of the largest size, and its framing.</summary>
    public const int ReceiveBytesMax = 6 * 1024 * 1024;

    /// <summary>Applies the options.</summary>
    public static void Apply(KestrelServerOptions kestrel, NodeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(options.Listen, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Tls is not null)
            {
                // Whoever has a certificate may connect; what it may call is decided call by call.
                listen.UseTls(kestrel.ApplicationServices.GetRequiredService<TlsSettings>(), ExpectedPeer.Anybody);
            }
        });
        if (options.Cluster is { } cluster)
        {
            kestrel.Listen(cluster.Listen, listen =>
            {
                if (options.Tls is not null)
                {
                    listen.UseTls(kestrel.ApplicationServices.GetRequiredService<TlsSettings>(), ExpectedPeer.Node);
                }

                listen.UseConnectionHandler<PeerConnectionHandler>();
            });
        }

        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = ConnectionsMax;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnectionMax;

        // Roomy windows, so that one long stream does not wait for window updates.
        limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
        limits.Http2.InitialStreamWindowSize = 1024 * 1024;

        // A peer that vanished without a word (a machine that lost its power) is noticed within a minute.
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);

        // A stream that rests (Watch, a worker's session) is not a slow attacker.
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }
}
