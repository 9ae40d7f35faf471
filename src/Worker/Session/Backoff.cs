namespace ControlPlane.Worker.Session;

/// <summary>
/// How long to wait before dialling again: not at all for a leader that was just named, else from 50 ms to 5 s, each between half and all of it so that a fleet does not dial in step. It doubles
/// where nobody answers, and grows by a quarter where nodes answer that they do not lead: that is an election, whose end is so noticed within a
/// quarter of the time that it took, while a plane that stays without a leader is dialled ever more seldom.
/// </summary>
internal sealed class Backoff(Func<double> random)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;
    private string? _leader;
    private bool _isAtOnce;
    private bool _wasAtOnce;

    /// <summary>The next wait.</summary>
    /// <param name="isElection">A node has answered, and does not lead.</param>
    public TimeSpan Next(bool isElection)
    {
        (_wasAtOnce, _isAtOnce) = (_isAtOnce, false);
        if (_wasAtOnce)
        {
            return TimeSpan.Zero;
        }

        var wait = _next * (0.5 + (random() / 2));
        var longer = _next * (isElection ? 1.25 : 2);
        _next = longer < Longest ? longer : Longest;
        return wait;
    }

    /// <summary>
    /// A node has named the leader. If it is another than was named last, it is dialled at once and the waits start over: those before were of an
    /// election, and it has ended. The same name again is no news, so that nodes that still name one that is gone are not dialled ever faster, and no two
    /// names in a row are followed without a wait, so that nodes that name each other are not dialled in a tight loop.
    /// </summary>
    public void Named(string leader)
    {
        if (leader != _leader)
        {
            _leader = leader;
            Reset();
            _isAtOnce = !_wasAtOnce;
        }
    }

    /// <summary>A session was opened: start over.</summary>
    public void Reset() => _next = First;
}
