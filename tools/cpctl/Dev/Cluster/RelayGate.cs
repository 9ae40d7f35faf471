namespace ControlPlane.Cpctl;

/// <summary>One direction of a <see cref="PeerRelay"/>: open, or closed until somebody opens it. Any thread.</summary>
internal sealed class RelayGate
{
    private TaskCompletionSource? _closed;

    public bool IsOpen => Volatile.Read(ref _closed) is null;

    public void Close() => Interlocked.CompareExchange(ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);

    public void Open() => Interlocked.Exchange(ref _closed, null)?.SetResult();

    /// <summary>Completes once it is open, at once if it is.</summary>
    public async Task PassAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _closed) is { } closed)
        {
            await closed.Task.WaitAsync(cancellation);
        }
    }
}
