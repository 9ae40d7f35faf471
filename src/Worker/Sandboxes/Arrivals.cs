using ControlPlane.Primitives;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// Lets an invocation wait for a sandbox that the worker has not been told of yet: the holder of a reserved lease can be here before
/// the plane's order to start it. At most <see cref="WaitersMax"/> wait; one more is not let wait.
/// </summary>
internal sealed class Arrivals
{
    public const int WaitersMax = 1024;

    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiters;

    /// <summary>A sandbox is here.</summary>
    public void Tell() =>
        Interlocked.Exchange(ref _arrived, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>What <paramref name="find"/> gives as soon as it gives something, or null after <paramref name="patience"/>.</summary>
    public async Task<Sandbox?> WaitAsync(
        SandboxId id, Func<SandboxId, Sandbox?> find, TimeSpan patience, TimeProvider time, CancellationToken cancelled)
    {
        var begun = time.GetTimestamp();
        if (Interlocked.Increment(ref _waiters) > WaitersMax)
        {
            Interlocked.Decrement(ref _waiters);
            return find(id);
        }

        try
        {
            while (true)
            {
                // Taken before looking: an arrival between the two is not missed.
                var arrived = Volatile.Read(ref _arrived).Task;
                var left = patience - time.GetElapsedTime(begun);
                if (find(id) is { } found)
                {
                    return found;
                }

                if (left <= TimeSpan.Zero)
                {
                    return null;
                }

                await arrived.WaitAsync(left, time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancelled.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiters);
        }
    }
}
