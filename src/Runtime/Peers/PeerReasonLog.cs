namespace ControlPlane.Runtime.Peers;

/// <summary>Remembers what was told last, so that an attempt every second does not fill the log: a reason is told when it changes.</summary>
internal sealed class PeerReasonLog
{
    private string? _last;

    /// <summary>True if <paramref name="reason"/> is another than the last.</summary>
    public bool IsNew(string reason)
    {
        var isNew = reason != _last;
        _last = reason;
        return isNew;
    }

    /// <summary>All is well: the next reason is new.</summary>
    public void Reset() => _last = null;
}
