using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.Runtime.Partitions;

/// <summary>
/// What may leave a partition once it is true for good, in order: effects and answers wait until the commit has reached what they depend on. What
/// depends on no entry of its own (a reading, a refusal) waits besides until a majority confirms that this node still reigns: it would otherwise
/// tell of a state that another leader has left behind.
/// </summary>
internal sealed class HeldAnswers(JournalEngine engine)
{
    private readonly Queue<Held> _held = [];

    /// <summary>Since when the reign must be confirmed for the first of them to leave; null if that is not what it waits for.</summary>
    public TimeSpan? AwaitsConfirmation => _held.TryPeek(out var first) && first.After <= engine.Committed ? first.Since : null;

    /// <summary>Holds an effect behind everything that was appended before.</summary>
    public void Add(Effect effect, bool hasEntries) => _held.Enqueue(new Held(engine.Tail.Previous, hasEntries ? null : engine.Now, effect, null));

    /// <summary>Holds an answer behind everything that was appended before.</summary>
    public void Add(IHeldAnswer answer) => _held.Enqueue(new Held(engine.Tail.Previous, engine.Now, null, answer));

    /// <summary>Lets out what may leave now.</summary>
    public void Release(Action<Effect> release)
    {
        var committed = engine.Committed;
        while (_held.TryPeek(out var held) && held.After <= committed && (held.Since is not { } since || engine.IsConfirmed(since)))
        {
            _held.Dequeue();
            held.Answer?.Release();
            if (held.Effect is { } effect)
            {
                release(effect);
            }
        }
    }

    /// <summary>Nothing of it may leave any more; the effects' callers are told by whoever knows them.</summary>
    public void Fail(Exception why)
    {
        foreach (var held in _held)
        {
            held.Answer?.Fail(why);
        }

        _held.Clear();
    }

    /// <param name="After">Position that must be committed.</param>
    /// <param name="Since">Time as of which the reign must be confirmed; null: the commit of its own entry says it.</param>
    /// <param name="Effect">An effect, or</param>
    /// <param name="Answer">an answer.</param>
    private readonly record struct Held(SequenceNumber After, TimeSpan? Since, Effect? Effect, IHeldAnswer? Answer);
}
