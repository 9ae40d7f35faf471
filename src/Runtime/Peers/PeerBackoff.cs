namespace ControlPlane.Runtime.Peers;

/// <summary>How long to wait before the next attempt to dial: doubling, with jitter, so that nodes that lost one another do not dial in step.</summary>
internal sealed class PeerBackoff(Random random)
{
    /// <summary>The first wait.</summary>
    public static readonly TimeSpan Min = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(1);

    private TimeSpan _next = Min;

    /// <summary>The next wait: between half of the nominal one and all of it.</summary>
    public TimeSpan Next()
    {
        var nominal = _next;
        _next = nominal * 2 < Max ? nominal * 2 : Max;
        return nominal * (0.5 + (random.NextDouble() / 2));
    }

    /// <summary>A connection has worked.</summary>
    public void Reset() => _next = Min;
}
