namespace ControlPlane.Runtime.Journals;

/// <summary>Tells a journal's loop that time passes. At most one tick waits in the mailbox: a loop that is busy is not flooded.</summary>
internal sealed class EngineTimer : IDisposable
{
    private readonly ITimer _timer;
    private int _waits;

    public EngineTimer(TimeProvider time, TimeSpan interval, Func<EngineInput, bool> post) => _timer = time.CreateTimer(
        _ =>
        {
            if (Interlocked.Exchange(ref _waits, 1) == 0 && !post(TimePassed.Instance))
            {
                Handled();
            }
        },
        null,
        interval,
        interval);

    /// <summary>The tick has arrived.</summary>
    public void Handled() => Volatile.Write(ref _waits, 0);

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();
}
