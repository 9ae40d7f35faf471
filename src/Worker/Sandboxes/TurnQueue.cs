namespace ControlPlane.Worker.Sandboxes;

/// <summary>Those who wait for one sandbox: for their turn, first come first served, or for their grant to arrive, which holds up nobody.</summary>
/// <remarks>Used under the sandbox's lock.</remarks>
internal sealed class TurnQueue(int waitersMax)
{
    private readonly SortedSet<long> _turns = [];
    private TaskCompletionSource? _change;
    private long _lastTicket;
    private int _waiters;

    /// <summary>Completes at the next <see cref="Changed"/>.</summary>
    public Task NextChange => (_change ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Takes a place, or keeps it; false if the queue is full.</summary>
    public bool TryWait(bool forTurn, ref long? ticket)
    {
        if (ticket is null)
        {
            if (_waiters == waitersMax)
            {
                return false;
            }

            _waiters++;
            ticket = ++_lastTicket;
        }

        if (forTurn)
        {
            _turns.Add(ticket.Value);
        }

        return true;
    }

    /// <summary>True if someone who came earlier waits for the same.</summary>
    public bool IsBehind(long? ticket) => _turns.Count > 0 && _turns.Min != ticket;

    public void Leave(long ticket)
    {
        _waiters--;
        if (_turns.Remove(ticket))
        {
            Changed();
        }
    }

    /// <summary>Lets everyone who waits look again.</summary>
    public void Changed()
    {
        var change = _change;
        _change = null;
        change?.SetResult();
    }
}
