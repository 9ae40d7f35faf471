namespace ControlPlane.Verification.Linearizability;

/// <summary>
/// What an object answers if it is asked one thing after another: the meaning against which a concurrent history is judged.
/// Implementations are pure, deterministic and immutable.
/// </summary>
/// <typeparam name="TState">An immutable state; its equality and hash decide which states count as the same.</typeparam>
/// <typeparam name="TCall">A request with its answer, or with the word that there was none.</typeparam>
public interface ISequentialModel<TState, TCall>
    where TState : notnull
{
    /// <summary>The state before the first call on a part.</summary>
    TState Initial { get; }

    /// <summary>Which part of the object a call is about. Parts share nothing: a history is linearizable if each part's is (Herlihy and Wing, 1990, section 3.1).</summary>
    string PartOf(TCall exchange);

    /// <summary>
    /// Performs one call. False if the answer is not what the object would have said in this state. A call without an answer is
    /// always possible, and has the one effect that the request has in this state.
    /// </summary>
    bool TryStep(TState state, TCall exchange, out TState after);

    /// <summary>A state as the end of "then": "the value is 3".</summary>
    string Describe(TState state);
}
