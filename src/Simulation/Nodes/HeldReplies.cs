using ControlPlane.Primitives;

namespace ControlPlane.Simulation.Nodes;

/// <summary>
/// What may leave once it is true for good, in order, as <c>Runtime/Partitions/HeldAnswers</c> keeps it: behind the commit of what it depends on; and
/// what depends on no entry of its own, behind a majority's word that this node still reigns.
/// </summary>
internal sealed class HeldReplies(NodeProcess process)
{
    private readonly Queue<Held> _held = [];

    public TimeSpan? AwaitsConfirmation => _held.TryPeek(out var first) && first.After <= process.Node.Committed ? first.Since : null;

    public void Add(SequenceNumber after, bool hasEntries, Action release)
    {
#if MUTANTS
        if (Mutant.Is("grant-before-commit"))
        {
            release();
            return;
        }
#endif
        _held.Enqueue(new Held(after, hasEntries ? null : process.Now, release));
    }

    public void Release()
    {
        while (_held.TryPeek(out var held)
            && held.After <= process.Node.Committed
            && (held.Since is not { } since || process.Node.ConfirmedAt(process.Now) >= since))
        {
            _held.Dequeue();
            held.Release();
        }
    }

    public void Drop() => _held.Clear();

    private readonly record struct Held(SequenceNumber After, TimeSpan? Since, Action Release);
}
