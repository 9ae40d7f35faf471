using ControlPlane.Bench.Load;

namespace ControlPlane.Bench.Replicated;

/// <summary>One of those that are compared: servers of its own, and a load for them. Ends its processes when disposed.</summary>
internal interface ISubject : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Its servers' processes, for what they use.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>A load for one measurement, connected to whoever leads now; dispose it if it can be.</summary>
    Task<ILoad> ConnectAsync(int concurrency, CancellationToken cancellation);
}
