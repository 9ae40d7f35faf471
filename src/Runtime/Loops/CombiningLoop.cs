using System.Collections.Concurrent;

namespace ControlPlane.Runtime.Loops;

/// <summary>What a <see cref="CombiningLoop{T}"/> runs, one caller at a time (not always on the same thread).</summary>
public interface ICombiningHandler<in T>
{
    /// <summary>Handles one item: decide, append to buffers. Answers wait for <see cref="EndBatch"/>.</summary>
    void Handle(T item);

    /// <summary>Makes the batch durable with one flush, then answers.</summary>
    void EndBatch();

    /// <summary>A handler has thrown: nothing will be handled any more. Called once; answer whoever waits.</summary>
    void Fail(Exception fault);

    /// <summary>An item that was posted but will not be handled, because the loop has failed.</summary>
    void Reject(T item, Exception fault);
}

/// <summary>
/// A mailbox without a thread of its own. Whoever posts to an idle mailbox runs the handler right there; whoever posts while
/// it runs only enqueues, and its item shares the next batch. So a lone caller's item is handled, flushed and answered without
/// waking a thread (on a virtual machine each wake-up costs tens of microseconds), and under load one flush serves all
/// that arrived during the one before: group commit without timers.
/// </summary>
/// <remarks>
/// The poster's thread does one batch, its own item in it; what has arrived meanwhile is handed to the thread pool, so that no
/// caller is kept to work for others. The technique is flat combining (Hendler et al., SPAA 2010).
/// Bounded: at <c>capacity</c> unhandled items, <see cref="TryPost"/> says no and the caller answers "overloaded".
/// A handler that throws ends the loop for good: fail stop.
/// </remarks>
public sealed class CombiningLoop<T> : IThreadPoolWorkItem
{
    /// <summary>Most items in one batch: bounds the work behind one flush, and so the time until the first of them is answered.</summary>
    public const int BatchMax = 512;

    private readonly ConcurrentQueue<T> _queue = new();
    private readonly ICombiningHandler<T> _handler;
    private readonly int _capacity;
    private int _unhandled;
    private volatile Exception? _fault;

    /// <summary>Makes an idle loop.</summary>
    public CombiningLoop(ICombiningHandler<T> handler, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _handler = handler;
        _capacity = capacity;
    }

    /// <summary>Why the loop has ended, or null while it works.</summary>
    public Exception? Fault => _fault;

    /// <summary>
    /// Posts an item; may handle it, and others, before it returns. False if the mailbox is full.
    /// After a fault the item is rejected through the handler, and the result is true.
    /// </summary>
    public bool TryPost(T item)
    {
        // Approximate: posters that race past this check exceed the bound by their own number at most.
        if (Volatile.Read(ref _unhandled) >= _capacity)
        {
            return false;
        }

        // Counted before it is visible: whoever brings the count back to zero has handled everything, and only whoever
        // raises it from zero may run, so there is never a second runner.
        var before = Interlocked.Increment(ref _unhandled) - 1;
        _queue.Enqueue(item);
        if (before == 0)
        {
            RunOneBatch();
        }

        return true;
    }

    /// <summary>
    /// Posts items that arrived together, so that one batch and one flush serves them: posted one by one, the first would be handled and flushed
    /// alone. All or none; otherwise as <see cref="TryPost"/>.
    /// </summary>
    public bool TryPostAll(ReadOnlySpan<T> items)
    {
        if (items.IsEmpty)
        {
            return true;
        }

        if (Volatile.Read(ref _unhandled) + items.Length > _capacity)
        {
            return false;
        }

        var before = Interlocked.Add(ref _unhandled, items.Length) - items.Length;
        foreach (var item in items)
        {
            _queue.Enqueue(item);
        }

        if (before == 0)
        {
            RunOneBatch();
        }

        return true;
    }

    void IThreadPoolWorkItem.Execute() => RunOneBatch();

    private void RunOneBatch()
    {
        var handled = _fault is null ? HandleBatch() : RejectBatch();
        if (Interlocked.Add(ref _unhandled, -handled) > 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private int HandleBatch()
    {
        var handled = 0;
        try
        {
            while (handled < BatchMax && _queue.TryDequeue(out var item))
            {
                handled++;
                _handler.Handle(item);
            }

            _handler.EndBatch();
        }
#pragma warning disable CA1031 // Whatever it was, the loop has ended: the state may be half changed, and only a replay can be trusted.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = fault;
            _handler.Fail(fault);
        }

        return handled;
    }

    private int RejectBatch()
    {
        var rejected = 0;
        while (_queue.TryDequeue(out var item))
        {
            rejected++;
            _handler.Reject(item, _fault!);
        }

        return rejected;
    }
}
