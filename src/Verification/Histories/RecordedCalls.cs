using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Histories;

/// <summary>Pairs the beginnings and ends of calls in a log. A process has one call at a time; times are numbers of lines.</summary>
internal sealed class RecordedCalls<TCall>
{
    private readonly Dictionary<long, (TCall Call, long Line)> _open = [];
    private readonly List<Operation<TCall>> _operations = [];

    public void Begin(long process, TCall call, long line)
    {
        if (!_open.TryAdd(process, (call, line)))
        {
            throw new FormatException($"Line {line}: process {process} begins a call while another is open.");
        }
    }

    /// <summary>The call has been answered.</summary>
    public void Answer(long process, Func<TCall, TCall> answered, long line)
    {
        var (call, begun) = Take(process, line);
        _operations.Add(new Operation<TCall>(process, answered(call), begun, line));
    }

    /// <summary>The call will never be answered.</summary>
    public void GiveUp(long process, long line)
    {
        var (call, begun) = Take(process, line);
        _operations.Add(new Operation<TCall>(process, call, begun, Completed: null));
    }

    /// <summary>The call has had no effect, and never will.</summary>
    public void Forget(long process, long line) => Take(process, line);

    /// <summary>All calls in the order of their invocation; those still open stay so.</summary>
    public IReadOnlyList<Operation<TCall>> ToHistory() =>
    [
        .. _operations.Concat(_open.Select(open => new Operation<TCall>(open.Key, open.Value.Call, open.Value.Line, Completed: null)))
            .OrderBy(operation => operation.Invoked),
    ];

    private (TCall Call, long Line) Take(long process, long line) => _open.Remove(process, out var open)
        ? open
        : throw new FormatException($"Line {line}: process {process} ends a call that it has not begun.");
}
