namespace ControlPlane.Bench.Peers;

/// <summary>A way to get appends to a follower and acknowledgements back.</summary>
internal interface IPeerPath : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Keeps <paramref name="depth"/> appends in flight for <paramref name="duration"/>.</summary>
    Task<PeerFigures> RunAsync(int depth, TimeSpan duration);
}

/// <summary>What one run gave.</summary>
/// <param name="P50">Median from sending to the acknowledgement, in microseconds.</param>
/// <param name="P99">The 99th percentile, likewise.</param>
/// <param name="PerSecond">Appends acknowledged per second.</param>
/// <param name="WakeUps">Wake-ups for each append, both ends together.</param>
/// <param name="PerBatch">Appends in one batch at the follower.</param>
internal sealed record PeerFigures(double P50, double P99, double PerSecond, double WakeUps, double PerBatch);
