namespace ControlPlane.Worker.RuntimeApi;

/// <summary>One event for a function, and the promise of its answer.</summary>
internal sealed class Invocation(string id, ReadOnlyMemory<byte> payload, string traceId, DateTimeOffset deadline)
{
    private readonly TaskCompletionSource<InvocationOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public ReadOnlyMemory<byte> Payload => payload;

    public string TraceId => traceId;

    /// <summary>When the function's time is over; told to the function, enforced by the sandbox.</summary>
    public DateTimeOffset Deadline => deadline;

    /// <summary>When the runtime took the event (a timestamp of the agent's clock); zero before.</summary>
    public long HandedOver { get; set; }

    /// <summary>Completes once: by the runtime's answer, or by the end of its process.</summary>
    public Task<InvocationOutcome> Outcome => _outcome.Task;

    /// <summary>Later completions change nothing.</summary>
    public void Complete(InvocationOutcome outcome) => _outcome.TrySetResult(outcome);
}
