using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Runtime.Peers;

/// <summary>Keeps the connection to one peer.</summary>
internal sealed class PeerDialler(
    PeerAddress address, Func<PeerAddress, SslClientAuthenticationOptions>? tls, IPeerHandler handler, TimeProvider time, ILogger logger)
{
    /// <summary>Longest wait for the connection and for its TLS.</summary>
    private static readonly TimeSpan DialPatience = TimeSpan.FromSeconds(5);

    private readonly PeerBackoff _backoff = new(Random.Shared);
    private readonly PeerReasonLog _told = new();
    private bool _flaps;

    /// <summary>Dials until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var end = await TryOnceAsync(stop);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            // A connection that both sides greeted on and that ends at once (the peer refuses something) is not a success: it would be
            // dialled, and logged, at the fastest pace for ever.
            if (end.Peer is not null && time.GetElapsedTime(started) >= PeerBackoff.Max)
            {
                _backoff.Reset();
                _told.Reset();
            }

            var isNew = _told.IsNew(end.Reason);
            _flaps = end.Peer is not null && !isNew;
            if (isNew)
            {
                logger.PeerUnreachable(address.Node, address.ToString(), end.Reason);
            }

            await Task.Delay(_backoff.Next(), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<PeerEnd> TryOnceAsync(CancellationToken stop)
    {
        try
        {
            await using var transport = await DialAsync(stop);
            var connection = new PeerConnection(transport.Channel, handler, address.Node, logger, time);
            return await connection.RunAsync(Greeted, stop);
        }
        catch (Exception fault) when (PeerFaults.IsLostConnection(fault))
        {
            return new PeerEnd(fault is OperationCanceledException ? "no connection came about in time" : PeerReasons.Lost(fault), Peer: null);
        }
    }

    private void Greeted(NodeGreeting peer)
    {
        if (!_flaps)
        {
            logger.PeerConnected(address.Node, address.ToString());
        }
    }

    private async Task<PeerTransport> DialAsync(CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(DialPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            return await PeerTransport.OverAsync(socket, tls?.Invoke(address), either.Token);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
