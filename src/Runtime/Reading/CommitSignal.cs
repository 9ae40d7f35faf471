using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Reading;

/// <summary>Lets readers wait until the commit passes a position. Moving it costs nothing while nobody waits. Any thread.</summary>
public sealed class CommitSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _moved;
    private ulong _committed;
    private Exception? _fault;

    /// <summary>Starts at <paramref name="committed"/>.</summary>
    public CommitSignal(SequenceNumber committed) => _committed = committed.Value;

    /// <summary>Last committed position.</summary>
    public SequenceNumber Committed => new(Volatile.Read(ref _committed));

    /// <summary>Moves the commit and wakes whoever waits.</summary>
    public void Move(SequenceNumber committed)
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            Invariant.Check(committed.Value >= _committed, "the commit never moves back");
            _committed = committed.Value;
            moved = _moved;
            _moved = null;
        }

        moved?.SetResult();
    }

    /// <summary>Ends every wait, now and later, with <paramref name="fault"/>.</summary>
    public void Fail(Exception fault)
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            _fault ??= fault;
            moved = _moved;
            _moved = null;
        }

        moved?.SetException(fault);
    }

    /// <summary>Completes when the commit has reached <paramref name="position"/>.</summary>
    public async Task WaitAsync(SequenceNumber position, CancellationToken cancellation)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_committed >= position.Value)
                {
                    return;
                }

                if (_fault is { } fault)
                {
                    throw fault;
                }

                _moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellation);
        }
    }
}
