namespace ControlPlane.Verification.Histories;

/// <summary>What all clients of a plane did and learned. Complete: a call that is not recorded makes every verdict worthless. Thread-safe.</summary>
public sealed class LeaseHistory
{
    private readonly Lock _lock = new();
    private readonly List<LeaseOperation> _operations = [];

    /// <summary>How many calls are recorded.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _operations.Count;
            }
        }
    }

    /// <summary>Adds a call that is over; in any order.</summary>
    public void Add(LeaseOperation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentOutOfRangeException.ThrowIfLessThan(operation.Completed, operation.Invoked);
        lock (_lock)
        {
            _operations.Add(operation);
        }
    }

    /// <summary>The calls so far of one kind, in order of their invocation.</summary>
    public IReadOnlyList<T> Of<T>()
        where T : LeaseOperation
    {
        lock (_lock)
        {
            return [.. _operations.OfType<T>().OrderBy(operation => operation.Invoked)];
        }
    }
}
