namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// The order of a search that came to the latest completion without a place for its operation; of several, the longest. All
/// completions before that one had theirs, so the history before it is linearizable.
/// </summary>
/// <remarks>A search meets such completions all the time. What the order still shares with the copy is not copied again, so all copies together cost no more than the search.</remarks>
internal sealed class FarthestOrder<TState>
{
    private readonly List<int> _order = [];
    private int _shared;

    /// <summary>The completion's node; 0 before the first.</summary>
    public int Node { get; private set; }

    /// <summary>The operations in their order.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>The state after them.</summary>
    public TState? State { get; private set; }

    /// <summary>The search has met a completion whose operation has no place.</summary>
    public void Note(int node, List<(int Operation, TState Before)> order, TState state)
    {
        if (node < Node || (node == Node && order.Count <= _order.Count))
        {
            return;
        }

        _order.RemoveRange(_shared, _order.Count - _shared);
        for (; _shared < order.Count; _shared++)
        {
            _order.Add(order[_shared].Operation);
        }

        Node = node;
        State = state;
    }

    /// <summary>The search has taken operations back and has that many left.</summary>
    public void Shortened(int count) => _shared = Math.Min(_shared, count);
}
