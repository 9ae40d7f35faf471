using Microsoft.Extensions.Hosting;

namespace ControlPlane.Server.Hosting;

/// <summary>Tells streams that would never end by themselves that the node stops, so that they end in good order.</summary>
internal sealed class Stopping(IHostApplicationLifetime lifetime)
{
    /// <summary>Cancelled when the node begins to stop.</summary>
    public CancellationToken Token => lifetime.ApplicationStopping;

    /// <summary>Cancelled when the node begins to stop or the call ends, whichever is first. Dispose it.</summary>
    public CancellationTokenSource Or(CancellationToken call) => CancellationTokenSource.CreateLinkedTokenSource(Token, call);
}
