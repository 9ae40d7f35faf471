using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Time;

/// <summary>
/// What is going to happen, in virtual nanoseconds. Time jumps from one event to the next; events of one instant come in an order that the seed
/// decides. Nothing is ever taken out: an event that has lost its meaning finds that out when it happens.
/// </summary>
internal sealed class Agenda(DrawStream ties)
{
    private const int EventsPerMillisecondMax = 200_000;

    private readonly PriorityQueue<Action, Order> _events = new();
    private readonly ulong _ties = ties.Next();
    private long _added;
    private int _sinceMove;

    /// <summary>Virtual nanoseconds since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>Events so far.</summary>
    public long Happened { get; private set; }

    /// <summary>Adds an event; never before now.</summary>
    public void At(long when, Action happens) => _events.Enqueue(happens, OrderAt(Math.Max(when, Now)));

    /// <summary>Adds an event <paramref name="wait"/> nanoseconds from now.</summary>
    public void In(long wait, Action happens) => At(Now + wait, happens);

    /// <summary>Lets everything happen up to <paramref name="end"/>, or until <paramref name="isOver"/>.</summary>
    public void RunUntil(long end, Func<bool> isOver)
    {
        while (!isOver() && _events.TryPeek(out _, out var order) && order.When <= end)
        {
            var happens = _events.Dequeue();
            _sinceMove = order.When / Durations.Millisecond == Now / Durations.Millisecond ? _sinceMove + 1 : 0;
            if (_sinceMove > EventsPerMillisecondMax)
            {
                throw new ViolationException("Livelock", $"more than {EventsPerMillisecondMax} events within one millisecond");
            }

            Now = order.When;
            Happened++;
            happens();
        }

        if (!isOver())
        {
            Now = Math.Max(Now, end);
        }
    }

    // Forwards or backwards in the order of adding, as the seed decides for each instant: an event that is not there changes nothing for the others.
    private Order OrderAt(long when) =>
        new(when, (DrawStream.Mix(unchecked(_ties + (ulong)when)) & 1) == 0 ? ++_added : -++_added);

    private readonly record struct Order(long When, long Tie) : IComparable<Order>
    {
        public int CompareTo(Order other) => When != other.When ? When.CompareTo(other.When) : Tie.CompareTo(other.Tie);
    }
}
