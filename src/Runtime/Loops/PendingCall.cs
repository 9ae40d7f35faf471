using System.Threading.Tasks.Sources;

namespace ControlPlane.Runtime.Loops;

/// <summary>
/// One caller's wait for an answer from a loop. Answered exactly once; the wait is over at once if the answer came before the
/// caller looked. Continuations run on the pool: one that ran inside the loop would hold up everyone behind it.
/// </summary>
public sealed class PendingCall<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _core = new() { RunContinuationsAsynchronously = true };

    /// <summary>What the caller awaits, once.</summary>
    public ValueTask<T> Task => new(this, _core.Version);

    /// <summary>Answers.</summary>
    public void Answer(T value) => _core.SetResult(value);

    /// <summary>Answers with a fault.</summary>
    public void Fault(Exception fault) => _core.SetException(fault);

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
