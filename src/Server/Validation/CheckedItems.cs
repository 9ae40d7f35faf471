using static Google.Rpc.BadRequest.Types;

namespace ControlPlane.Server.Validation;

/// <summary>The items of a call that answers each for itself: those that go on, and those that are answered here already.</summary>
internal sealed class CheckedItems<T>(int capacity)
{
    private readonly List<T> _good = new(capacity);
    private readonly List<IReadOnlyCollection<FieldViolation>?> _violations = new(capacity);

    /// <summary>Those without fault, in the order of the request.</summary>
    public IReadOnlyList<T> Good => _good;

    /// <summary>How many there are, good or not.</summary>
    public int Count => _violations.Count;

    /// <summary>What is wrong with the item at <paramref name="index"/> of the request, or null: then its answer is the next of the good ones'.</summary>
    public IReadOnlyCollection<FieldViolation>? ViolationsAt(int index) => _violations[index];

    /// <summary>Adds the request's next item with the outcome of its checks.</summary>
    public void Add(T item, FieldChecks checks)
    {
        _violations.Add(checks.AllGood ? null : checks.Violations);
        if (checks.AllGood)
        {
            _good.Add(item);
        }
    }
}
