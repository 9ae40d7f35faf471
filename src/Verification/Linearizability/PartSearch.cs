namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// Searches for an order of one part's operations that the model allows and real time does not forbid (Wing and Gong, 1993; with the
/// list and the memo of Lowe, 2017, section 4). Depth first: place the first operation that can be, and when the completion of one
/// that has no place is met, take the last placed back.
/// </summary>
internal sealed class PartSearch<TState, TCall>
    where TState : notnull
{
    private readonly ISequentialModel<TState, TCall> _model;
    private readonly SearchClock _clock;
    private readonly List<Operation<TCall>> _operations;
    private readonly int _completed;
    private readonly EventList _events;
    private readonly PlacedSet _placed;
    private readonly SearchMemo<TState> _memo;
    private readonly ulong[] _key;
    private readonly List<(int Operation, TState Before)> _order = [];
    private readonly FarthestOrder<TState> _farthest = new();

    public PartSearch(
        ISequentialModel<TState, TCall> model, IReadOnlyCollection<Operation<TCall>> operations, SearchLimits limits, SearchClock clock)
    {
        _model = model;
        _clock = clock;
        _operations = [.. operations.OrderBy(operation => operation.Completed is null).ThenBy(operation => operation.Invoked)];
        _completed = operations.Count(operation => operation.Completed is not null);
        _events = EventList.Of(_operations);
        _placed = new PlacedSet(_completed, _operations.Count - _completed);
        _memo = new SearchMemo<TState>(limits.MemoEntriesMax);
        _key = new ulong[_placed.KeyWordsMax];
    }

    /// <summary>How often the model was asked.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs once, to a verdict or a bound. Ends as soon as every completed operation has a place: the pending ones need none.</summary>
    public (Verdict Verdict, SearchBound Bound) Run()
    {
        var state = _model.Initial;
        var node = _events.First;
        var unplaced = _completed;
        while (unplaced > 0)
        {
            var operation = _events.OperationAt(node);
            if (_events.IsInvocation(node))
            {
                if (_clock.After(Steps) is not SearchBound.None and var bound)
                {
                    return (Verdict.Unknown, bound);
                }

                Steps++;
                if (!CanTry(state, operation, out var next))
                {
                    node = _events.Next(node);
                    continue;
                }

                _placed.Add(operation);
                var words = _placed.WriteKey(_key);
                if (_memo.IsFullFor(words))
                {
                    return (Verdict.Unknown, SearchBound.Memo);
                }

                if (_memo.TryAdd(_placed.Hash, _key.AsSpan(0, words), next))
                {
                    _order.Add((operation, state));
                    _events.Lift(operation);
                    unplaced -= IsCompleted(operation) ? 1 : 0;
                    state = next;
                    node = _events.First;
                }
                else
                {
                    _placed.Remove(operation);
                    node = _events.Next(node);
                }
            }
            else
            {
                _farthest.Note(node, _order, state);
                if (_order.Count == 0)
                {
                    return (Verdict.Illegal, SearchBound.None);
                }

                (operation, state) = _order[^1];
                _order.RemoveAt(_order.Count - 1);
                _farthest.Shortened(_order.Count);
                _placed.Remove(operation);
                _events.PutBack(operation);
                unplaced += IsCompleted(operation) ? 1 : 0;
                node = _events.Next(_events.InvocationOf(operation));
            }
        }

        return (Verdict.Legal, SearchBound.None);
    }

    /// <summary>What was learned by a search that found no order.</summary>
    public Counterexample<TCall> Explain(string part)
    {
        var prefix = _farthest.Order;
        var unplaced = _events.OperationAt(_farthest.Node);
        var named = prefix.Append(unplaced).ToHashSet();
        var open = Enumerable.Range(0, _operations.Count)
            .Where(operation => _events.InvocationOf(operation) < _farthest.Node && !named.Contains(operation));
        return new Counterexample<TCall>(
            part, [.. prefix.Select(operation => _operations[operation])], _model.Describe(_farthest.State!), _operations[unplaced], [.. open.Select(operation => _operations[operation])]);
    }

    /// <summary>
    /// True if the operation can come next. One that is pending for ever and would change nothing is left out: whatever can follow it can
    /// follow without it, and it may still take effect later.
    /// </summary>
    private bool CanTry(TState state, int operation, out TState next) =>
        _model.TryStep(state, _operations[operation].Call, out next)
        && (IsCompleted(operation) || !EqualityComparer<TState>.Default.Equals(state, next));

    private bool IsCompleted(int operation) => operation < _completed;
}
