namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// One call of one client, with what was answered. It took effect at one moment between <see cref="Invoked"/> and
/// <see cref="Completed"/>; without a completion it may take effect at any time from its invocation on, or never.
/// </summary>
/// <param name="Process">Whose call it is, for sentences and nothing else; null if nobody knows.</param>
/// <param name="Call">What was asked and what was answered; of an operation without completion, that nothing was.</param>
/// <param name="Invoked">Before anything was sent: ticks of one monotonic clock, or a line of a log. Only the order counts.</param>
/// <param name="Completed">After the answer arrived; null for ever pending.</param>
/// <remarks>
/// A client that gave up has not completed: its call may take effect after it. If it is known from elsewhere (the journal) that
/// such a call did take effect, give it the answer and the end of the history as its completion; that makes a search much cheaper.
/// </remarks>
public readonly record struct Operation<TCall>(long? Process, TCall Call, long Invoked, long? Completed)
{
    /// <summary>True if this was over before <paramref name="other"/> began; operations that meet at one tick are concurrent.</summary>
    public bool Precedes(in Operation<TCall> other) => Completed < other.Invoked;

    /// <summary>The call, by whom and when.</summary>
    public override string ToString()
    {
        var by = Process is { } process ? $" by {process}" : "";
        return Completed is { } completed ? $"{Call}{by} ({Invoked} to {completed})" : $"{Call}{by} (from {Invoked} on)";
    }
}
