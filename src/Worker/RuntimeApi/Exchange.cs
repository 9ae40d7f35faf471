using ControlPlane.Primitives;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>
/// Where one process's runtime and the gate meet: the runtime asks for the next event and posts answers, the gate offers
/// one invocation at a time. Lives as long as the process: what a dead process still had in its sockets meets a closed exchange.
/// </summary>
/// <remarks>Thread-safe. Transitions that the Runtime API does not know are answered as values, never thrown.</remarks>
internal sealed class Exchange(SandboxIdentity identity, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<RuntimeError?> _initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<Invocation?>? _asking;
    private Invocation? _offered;
    private Invocation? _running;
    private bool _closed;

    /// <summary>Whose process this is.</summary>
    public SandboxIdentity Identity => identity;

    /// <summary>Completes with null when the runtime first asks for an event, or with the error that it reported instead.</summary>
    public Task<RuntimeError?> Initialized => _initialized.Task;

    /// <summary>Gives the runtime its next event, now or as soon as it asks. The invocation's outcome tells the rest.</summary>
    /// <returns>False if the exchange is closed: the process is no more.</returns>
    public bool Offer(Invocation invocation)
    {
        lock (_lock)
        {
            Invariant.Check(_offered is null && _running is null, "one invocation at a time per process");
            if (_closed)
            {
                return false;
            }

            if (_asking is { } asking)
            {
                _asking = null;
                HandOver(invocation);
                asking.SetResult(invocation);
            }
            else
            {
                _offered = invocation;
            }

            return true;
        }
    }

    /// <summary>
    /// The next event, when there is one; null if the runtime may not ask now (it has an event that it did not answer, or
    /// asks twice at once) or the process is over.
    /// </summary>
    public async Task<Invocation?> NextAsync(CancellationToken cancelled)
    {
        TaskCompletionSource<Invocation?> asking;
        lock (_lock)
        {
            if (_closed || _running is not null || _asking is not null)
            {
                return null;
            }

            _initialized.TrySetResult(null);
            if (_offered is { } offered)
            {
                _offered = null;
                HandOver(offered);
                return offered;
            }

            asking = _asking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        using (cancelled.UnsafeRegister(_ => StopAsking(asking), null))
        {
            return await asking.Task;
        }
    }

    /// <summary>Ends the running invocation with the runtime's answer, or says why that is none.</summary>
    public AnswerStatus Answer(string id, InvocationOutcome outcome)
    {
        Invocation answered;
        lock (_lock)
        {
            if (_running is not { } running)
            {
                return AnswerStatus.NothingRunning;
            }

            if (running.Id != id)
            {
                return AnswerStatus.UnknownId;
            }

            answered = running;
            _running = null;
        }

        answered.Complete(outcome);
        return AnswerStatus.Taken;
    }

    /// <summary>False if an answer to this id would not be taken: asked before a large body is read.</summary>
    public bool IsRunning(string id)
    {
        lock (_lock)
        {
            return _running?.Id == id;
        }
    }

    /// <summary>The runtime could not initialize; false if it had already.</summary>
    public bool FailInitialization(RuntimeError error) => _initialized.TrySetResult(error);

    /// <summary>The process is over: ends what is going on with <paramref name="outcome"/> and takes nothing more.</summary>
    public void Close(InvocationOutcome outcome)
    {
        Invocation? ended;
        TaskCompletionSource<Invocation?>? asking;
        lock (_lock)
        {
            _closed = true;
            ended = _running ?? _offered;
            asking = _asking;
            (_running, _offered, _asking) = (null, null, null);
        }

        ended?.Complete(outcome);
        asking?.TrySetResult(null);
    }

    private void HandOver(Invocation invocation)
    {
        invocation.HandedOver = time.GetTimestamp();
        _running = invocation;
    }

    private void StopAsking(TaskCompletionSource<Invocation?> asking)
    {
        lock (_lock)
        {
            if (_asking == asking)
            {
                _asking = null;
                asking.SetResult(null);
            }
        }
    }
}
