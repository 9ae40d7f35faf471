namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// The invocations and completions of a history as a doubly linked list in the order of time, from which the events of a placed
/// operation are lifted and into which they are put back, the last lifted first (Lowe, "Testing for linearizability", 2017, section 4).
/// </summary>
/// <remarks>
/// Nodes are numbers that rise with time; 0 is both ends. Links of a lifted node stay as they were, which is how it finds its place
/// again. At one tick invocations come before completions: operations that meet are concurrent. An operation that is pending for
/// ever has no completion in the list.
/// </remarks>
internal sealed class EventList
{
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _operation;
    private readonly int[] _invocation;
    private readonly int[] _completion;

    private EventList(List<(long Time, bool IsCompletion, int Operation)> events, int operations)
    {
        _next = new int[events.Count + 1];
        _previous = new int[events.Count + 1];
        _operation = new int[events.Count + 1];
        _invocation = new int[operations];
        _completion = new int[operations];
        for (var node = 1; node <= events.Count; node++)
        {
            var (_, isCompletion, operation) = events[node - 1];
            _operation[node] = operation;
            (isCompletion ? _completion : _invocation)[operation] = node;
            _previous[node] = node - 1;
            _next[node - 1] = node;
        }

        _previous[0] = events.Count;
    }

    /// <summary>The first event that is not lifted; 0 if all are.</summary>
    public int First => _next[0];

    public static EventList Of<TCall>(IReadOnlyList<Operation<TCall>> operations)
    {
        var events = new List<(long Time, bool IsCompletion, int Operation)>(2 * operations.Count);
        for (var operation = 0; operation < operations.Count; operation++)
        {
            events.Add((operations[operation].Invoked, false, operation));
            if (operations[operation].Completed is { } completed)
            {
                events.Add((completed, true, operation));
            }
        }

        events.Sort();
        return new EventList(events, operations.Count);
    }

    public int Next(int node) => _next[node];

    public int OperationAt(int node) => _operation[node];

    public bool IsInvocation(int node) => _invocation[_operation[node]] == node;

    public int InvocationOf(int operation) => _invocation[operation];

    public void Lift(int operation)
    {
        Unlink(_invocation[operation]);
        if (_completion[operation] is not 0 and var completion)
        {
            Unlink(completion);
        }
    }

    public void PutBack(int operation)
    {
        if (_completion[operation] is not 0 and var completion)
        {
            Link(completion);
        }

        Link(_invocation[operation]);
    }

    private void Unlink(int node)
    {
        _next[_previous[node]] = _next[node];
        _previous[_next[node]] = _previous[node];
    }

    private void Link(int node)
    {
        _next[_previous[node]] = node;
        _previous[_next[node]] = node;
    }
}
