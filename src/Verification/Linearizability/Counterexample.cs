using ControlPlane.Verification.Checks;

namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// Why a history has no linearization. Just before the answer of <see cref="Unplaced"/> the history is linearizable, for instance in
/// the order of <see cref="Prefix"/>; with that answer it is not, given what the operations then in progress were answered later.
/// </summary>
/// <param name="Part">The part of the object.</param>
/// <param name="Prefix">The longest order that was found of what the history before that answer allows.</param>
/// <param name="State">What the object is after <see cref="Prefix"/>.</param>
/// <param name="Unplaced">The operation that no order has room for.</param>
/// <param name="Open">Other operations that had begun by then and have no place in <see cref="Prefix"/>: they could have taken effect, and would not have explained it.</param>
public sealed record Counterexample<TCall>(
    string Part, IReadOnlyList<Operation<TCall>> Prefix, string State, Operation<TCall> Unplaced, IReadOnlyList<Operation<TCall>> Open)
{
    /// <summary>How many operations of <see cref="Prefix"/>, and of <see cref="Open"/>, the sentence names.</summary>
    private const int NamedMax = 4;

    /// <summary>The story in one sentence.</summary>
    public string Sentence
    {
        get
        {
            var part = Part.Length == 0 ? "" : $"{Part}: ";
            var before = Prefix.Count switch
            {
                0 => "before anything else",
                <= NamedMax => $"after {Show(Prefix)}",
                _ => $"after {Prefix.Count} operations that end with {Show(Prefix.TakeLast(NamedMax))}",
            };
            var open = Open.Count switch
            {
                0 => "",
                <= NamedMax => $", nor would {Show(Open)} explain it",
                _ => $", nor would {Open.Count} others in progress, of which the first are {Show(Open.Take(NamedMax))}, explain it",
            };
            return $"{part}{before}, {State}, and {Unplaced} has no place in any order{open}";
        }
    }

    /// <summary>The same as a finding among others.</summary>
    public Violation ToViolation() => new(nameof(LinearizabilityCheck), Sentence);

    /// <inheritdoc/>
    public override string ToString() => Sentence;

    private static string Show(IEnumerable<Operation<TCall>> operations) => string.Join(", ", operations);
}
