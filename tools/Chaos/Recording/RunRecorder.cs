using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Recording;

/// <summary>Writes down everything that happens in a run, while it happens, and counts it for the live view. Any thread.</summary>
internal sealed class RunRecorder(RunDirectory directory, long operationsMax) : IAsyncDisposable
{
    private readonly JsonLines<Operation> _history = new(directory.History);
    private readonly JsonLines<RunEvent> _events = new(directory.Events);
    private readonly long[] _outcomes = new long[Enum.GetValues<OperationOutcome>().Length];
    private long _operations;
    private long _lastOk;
    private long _longestSilence;
    private int _measures;

    public RunClock Clock { get; } = new();

    /// <summary>Hears of each event.</summary>
    public Action<RunEvent> Watcher { get; set; } = _ => { };

    public long Operations => Interlocked.Read(ref _operations);

    /// <summary>No more is recorded than this: clients stop.</summary>
    public bool IsFull => Operations >= operationsMax;

    /// <summary>When anything was last answered with success.</summary>
    public long LastOk => Interlocked.Read(ref _lastOk);

    /// <summary>The longest time between two successes so far, in microseconds, while it is measured.</summary>
    public long LongestSilence => Interlocked.Read(ref _longestSilence);

    public long CountOf(OperationOutcome outcome) => Interlocked.Read(ref _outcomes[(int)outcome]);

    /// <summary>Silence counts from now on, or no longer.</summary>
    public void MeasureSilence(bool measures)
    {
        Interlocked.Exchange(ref _lastOk, Clock.Now);
        Volatile.Write(ref _measures, measures ? 1 : 0);
    }

    public void Add(Operation operation)
    {
        _history.Add(operation);
        Interlocked.Increment(ref _operations);
        Interlocked.Increment(ref _outcomes[(int)operation.Outcome]);
        if (operation is { Outcome: OperationOutcome.Ok, Kind: OperationKind.Allocate or OperationKind.Release or OperationKind.Append or OperationKind.Renew })
        {
            var before = Interlocked.Exchange(ref _lastOk, operation.To);
            if (Volatile.Read(ref _measures) == 1 && operation.To - before > LongestSilence)
            {
                Interlocked.Exchange(ref _longestSilence, operation.To - before);
            }
        }
    }

    public void Add(RunEvent happened)
    {
        _events.Add(happened with { At = happened.At == 0 ? Clock.Now : happened.At });

        // Events are few, and what led to the end of a runner that was killed is worth having.
        Flush();
        Watcher(happened);
    }

    public void Phase(string what, string? detail = null) => Add(new RunEvent { Kind = EventKind.Phase, What = what, Detail = detail });

    public async ValueTask DisposeAsync()
    {
        await _history.DisposeAsync();
        await _events.DisposeAsync();
    }

    private void Flush()
    {
        _history.Flush();
        _events.Flush();
    }
}
