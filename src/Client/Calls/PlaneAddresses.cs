namespace ControlPlane.Client;

/// <summary>
/// Which of the plane's nodes to ask: the configured ones in turn, or the leader that one of them named. Wrong beliefs cost a
/// round trip, never correctness: every node refuses what it does not lead.
/// </summary>
internal sealed class PlaneAddresses
{
    private readonly IReadOnlyList<string> _configured;
    private readonly bool _tlsOnly;
    private readonly Lock _lock = new();
    private int _turn;
    private string? _leader;

    /// <param name="configured">At least one.</param>
    /// <param name="tlsOnly">True if no plaintext address may be asked, whoever names it.</param>
    public PlaneAddresses(IReadOnlyList<string> configured, bool tlsOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfZero(configured.Count);
        _tlsOnly = tlsOnly;
        if (configured.FirstOrDefault(address => !MayBeAsked(address)) is { } refused)
        {
            throw new ArgumentException($"'{refused}' is not an address of the form {(tlsOnly ? "https" : "http")}://HOST:PORT.", nameof(configured));
        }

        _configured = configured;
    }

    /// <summary>True if another node could be asked instead.</summary>
    public bool HasOthers => _configured.Count > 1;

    public string Current
    {
        get
        {
            lock (_lock)
            {
                return _leader ?? _configured[_turn];
            }
        }
    }

    /// <summary>
    /// Follows a hint, unless somebody else has moved on from <paramref name="asked"/> already. True if the leader may be asked
    /// at once; false after a hint from a node that was itself hinted at, as two nodes that name each other must not be asked
    /// in a tight loop.
    /// </summary>
    public bool Follow(string asked, string leader)
    {
        if (!MayBeAsked(leader))
        {
            return false;
        }

        lock (_lock)
        {
            var fresh = _leader is null && _configured[_turn] == asked;
            if (asked == (_leader ?? _configured[_turn]))
            {
                _leader = leader;
            }

            return fresh;
        }
    }

    private bool MayBeAsked(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == "https" || (uri.Scheme == "http" && !_tlsOnly));

    /// <summary>Gives <paramref name="failed"/> up: back from a hinted leader to the configured nodes, and on to another of them if it is the one in turn.</summary>
    public void MoveOn(string failed)
    {
        lock (_lock)
        {
            if (_leader is not null && _leader != failed)
            {
                return;
            }

            _leader = null;
            if (_configured[_turn] == failed)
            {
                _turn = (_turn + 1) % _configured.Count;
            }
        }
    }
}
