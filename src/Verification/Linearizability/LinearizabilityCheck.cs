namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// Decides whether a concurrent history of an object can be explained by its operations taking effect one after another, each at a
/// moment of its own interval (Herlihy and Wing, 1990). Part by part, bounded in steps, memory and time; a bound gives no verdict
/// rather than a wrong one.
/// </summary>
public static class LinearizabilityCheck
{
    /// <summary>
    /// The verdict. Same history and limits, same verdict and steps, unless time or cancellation bounded it. Parts are searched in the
    /// order in which they first occur, until one is illegal. Called from any thread; uses only its own.
    /// </summary>
    /// <param name="model">What the object should be.</param>
    /// <param name="operations">The complete history: a call that is missing makes the verdict worthless. In any order.</param>
    /// <param name="limits">What the search may cost.</param>
    /// <param name="time">What <see cref="SearchLimits.TimeMax"/> is measured by; the system's if null.</param>
    /// <param name="cancellation">Ends the search as undecided; nothing is thrown.</param>
    /// <exception cref="ArgumentException">An operation completes before it is invoked.</exception>
    public static LinearizabilityResult<TCall> Run<TState, TCall>(
        ISequentialModel<TState, TCall> model,
        IEnumerable<Operation<TCall>> operations,
        SearchLimits limits,
        TimeProvider? time = null,
        CancellationToken cancellation = default)
        where TState : notnull
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(operations);
        ArgumentNullException.ThrowIfNull(limits);
        var clock = new SearchClock(limits, time ?? TimeProvider.System, cancellation);
        var steps = 0L;
        (SearchBound Bound, string? Part) bounded = (SearchBound.None, null);
        foreach (var part in operations.GroupBy(operation => model.PartOf(operation.Call), StringComparer.Ordinal))
        {
            List<Operation<TCall>> ofPart = [.. part];
            Require(ofPart);
            var search = new PartSearch<TState, TCall>(model, ofPart, limits, clock);
            var (verdict, bound) = search.Run();
            steps += search.Steps;
            if (verdict == Verdict.Illegal)
            {
                return new LinearizabilityResult<TCall>(Verdict.Illegal, SearchBound.None, null, steps, search.Explain(part.Key));
            }

            bounded = verdict == Verdict.Unknown && bounded.Bound == SearchBound.None ? (bound, part.Key) : bounded;
        }

        return new LinearizabilityResult<TCall>(
            bounded.Bound == SearchBound.None ? Verdict.Legal : Verdict.Unknown, bounded.Bound, bounded.Part, steps, null);
    }

    private static void Require<TCall>(List<Operation<TCall>> operations)
    {
        foreach (var operation in operations)
        {
            if (operation.Completed < operation.Invoked)
            {
                throw new ArgumentException($"{operation} completes before it is invoked.", nameof(operations));
            }
        }
    }
}
