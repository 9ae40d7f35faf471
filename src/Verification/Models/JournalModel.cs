using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Models;

/// <summary>
/// A journal: appends get dense positions; a condition fails only if it was false, and the tail that is told was the tail; a repeated
/// append gets its first position and appends nothing.
/// </summary>
/// <param name="tail">Where the journal ends before the history begins. Appends from before it are not known: a window must not cut one off from its retries.</param>
public sealed class JournalModel(SequenceNumber tail = default) : ISequentialModel<JournalModelState, JournalCall>
{
    /// <inheritdoc/>
    public JournalModelState Initial { get; } = new(tail);

    /// <inheritdoc/>
    public string PartOf(JournalCall exchange) => "";

    /// <inheritdoc/>
    public bool TryStep(JournalModelState state, JournalCall exchange, out JournalModelState after)
    {
        ArgumentNullException.ThrowIfNull(state);
        after = state;
        if (exchange.Function == JournalFunction.ReadTail)
        {
            return exchange.Answer != JournalAnswer.Ok || exchange.Position == state.Tail;
        }

        var earlier = state.Find(exchange.Client, exchange.Number);
        var happens = earlier is null && (exchange.ExpectedTail is null || exchange.ExpectedTail == state.Tail);
        switch (exchange.Answer)
        {
            case JournalAnswer.Refused:
                return true;
            case JournalAnswer.TailMismatch:
                return earlier is null && !happens && exchange.Position == state.Tail;
            case JournalAnswer.Ok when !happens:
                return exchange.Position == earlier;
            default:
                after = happens ? state.With(exchange) : state;
                return exchange.Answer == JournalAnswer.None || exchange.Position == state.Tail.Next;
        }
    }

    /// <inheritdoc/>
    public string Describe(JournalModelState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return $"the tail is {state.Tail}";
    }
}
