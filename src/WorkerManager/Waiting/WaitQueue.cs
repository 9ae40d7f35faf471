using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>A function version's waiting requests: higher priority first, then first come.</summary>
internal sealed class WaitQueue
{
    private readonly LinkedList<Waiter>?[] byPriority = new LinkedList<Waiter>?[Limits.PriorityMax + 1];

    public int Count { get; private set; }

    /// <summary>Those that a new sandbox would serve at once.</summary>
    public int ReservingCount { get; private set; }

    public Waiter? First => FirstAtOrBelow(Limits.PriorityMax);

    public Waiter? After(Waiter waiter) =>
        waiter.Node!.Next is { } next ? next.Value : FirstAtOrBelow(waiter.Request.Priority - 1);

    public void Add(Waiter waiter)
    {
        waiter.Node = (byPriority[waiter.Request.Priority] ??= new()).AddLast(waiter);
        Count++;
        ReservingCount += waiter.Request.ColdPolicy == ColdPolicy.Reserve ? 1 : 0;
    }

    public void Remove(Waiter waiter)
    {
        byPriority[waiter.Request.Priority]!.Remove(waiter.Node!);
        waiter.Node = null;
        Count--;
        ReservingCount -= waiter.Request.ColdPolicy == ColdPolicy.Reserve ? 1 : 0;
    }

    private Waiter? FirstAtOrBelow(int priority)
    {
        for (; priority >= 0; priority--)
        {
            if (byPriority[priority]?.First is { } node)
            {
                return node.Value;
            }
        }

        return null;
    }
}
