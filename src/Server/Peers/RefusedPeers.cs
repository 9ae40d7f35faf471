namespace ControlPlane.Server.Peers;

/// <summary>Why each address was refused last, so that one that tries again every second is reported once for each reason. Any thread.</summary>
internal sealed class RefusedPeers
{
    /// <summary>Most addresses remembered; beyond, all are forgotten, and reported once more.</summary>
    private const int AddressesMax = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>True unless this was the reason the last time.</summary>
    public bool IsNew(string address, string reason)
    {
        lock (_gate)
        {
            if (_reasons.TryGetValue(address, out var last) && last == reason)
            {
                return false;
            }

            if (_reasons.Count >= AddressesMax)
            {
                _reasons.Clear();
            }

            _reasons[address] = reason;
            return true;
        }
    }

    /// <summary>The address has been let in.</summary>
    public void Forget(string address)
    {
        lock (_gate)
        {
            _reasons.Remove(address);
        }
    }
}
