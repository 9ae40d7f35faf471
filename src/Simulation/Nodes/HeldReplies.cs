using ControlPlane.Primitives;
using ControlPlane.Simulation.Checks;

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
        _held.Enqueue(new Held(after, hasEntries ? null : process.Now, process.World.Ledger.Last, release));
    }

    public void Release()
    {
        while (_held.TryPeek(out var held)
            && held.After <= process.Node.Committed
            && (held.Since is not { } since || process.Node.ConfirmedAt(process.Now) >= since))
        {
            _held.Dequeue();
            if (held.Since is not null && held.Known > held.After && process.World.Knobs.Mode != DamageMode.LossExpected)
            {
                // What a majority has confirmed was the newest when it was asked for: nobody can have committed more by then.
                throw new ViolationException("FreshAnswer", $"{process.Host.Name} answers by what it knew up to {held.After}, when {held.Known} was committed before it was asked");
            }

            held.Release();
        }
    }

    public void Drop() => _held.Clear();

    private readonly record struct Held(SequenceNumber After, TimeSpan? Since, SequenceNumber Known, Action Release);
}
