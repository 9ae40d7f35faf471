using Microsoft.Extensions.Logging;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// Keeps one dialled connection to each peer: dials, dials again when it ends, and says why it cannot, once for each reason.
/// Starts with its construction; any thread may dispose it.
/// </summary>
public sealed class PeerMesh : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _dialling;

    /// <summary>Begins to dial.</summary>
    public PeerMesh(PeerMeshOptions options, IPeerHandler handler, TimeProvider time, ILogger logger) =>
        _dialling = Task.WhenAll(options.Peers.Select(peer =>
        {
            var dialler = new PeerDialler(peer, options.Tls, handler, time, logger);
            return Task.Run(() => dialler.RunAsync(_stop.Token));
        }));

    /// <summary>Ends all connections; when it returns the handler has been told, and no task is left. Harmless if repeated.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _dialling;
    }
}
