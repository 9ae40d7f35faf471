using ControlPlane.Bench.Load;

namespace ControlPlane.Bench.Replicated;

/// <summary>The nodes of another subject, called over one stream by the client library.</summary>
internal sealed class StreamedAppends(JournalNodes nodes) : ISubject
{
    public string Name => nodes.Name + ", streamed";

    public IReadOnlyList<int> Processes => nodes.Processes;

    public async Task<ILoad> ConnectAsync(int concurrency, CancellationToken cancellation) => await nodes.ConnectStreamAsync(cancellation);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
