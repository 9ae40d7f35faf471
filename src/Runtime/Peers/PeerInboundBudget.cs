namespace ControlPlane.Runtime.Peers;

/// <summary>Bytes of a link's batches that the receiver still holds. When they are too many the link is not read, and TCP makes the sender wait.</summary>
internal sealed class PeerInboundBudget
{
    /// <summary>Most bytes held before reading pauses; one more batch may come on top.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private long _held;
    private TaskCompletionSource? _waiter;
    private bool _isAbandoned;

    public void Take(int bytes)
    {
        lock (_gate)
        {
            _held += bytes;
        }
    }

    public void Release(int bytes)
    {
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            _held -= bytes;
            if (_held < BytesMax)
            {
                (waiter, _waiter) = (_waiter, null);
            }
        }

        waiter?.TrySetResult();
    }

    /// <summary>Nobody needs to wait any more: the link has ended.</summary>
    public void Abandon()
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _isAbandoned = true;
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
    }

    /// <summary>Completes when there is room. One caller at a time.</summary>
    public Task RoomAsync()
    {
        lock (_gate)
        {
            if (_held < BytesMax || _isAbandoned)
            {
                return Task.CompletedTask;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }
}
