using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// When a held lease is due to end: after TTL × (1 + drift), or sooner if nobody confirms it. Counted from the grant, the
/// last renewal, or the start of this reign, whichever is latest: a failover gives every lease its full time anew.
/// </summary>
internal static class LeaseTimer
{
    /// <summary>The lease's time runs from now.</summary>
    public static void Start(Reign reign, Lease lease)
    {
        lease.RunsFrom = reign.Now;
        Arm(reign, lease);
    }

    /// <summary>Sets the timer anew after a confirmation.</summary>
    public static void Arm(Reign reign, Lease lease)
    {
        var end = EndOf(reign, lease);
        var due = AwaitsConfirmation(lease) && lease.ConfirmWithin < lease.Ttl ? lease.RunsFrom.Plus(lease.ConfirmWithin) : end;
        reign.Timers.Set(lease, due);
    }

    public static JournalTime EndOf(Reign reign, Lease lease) => lease.RunsFrom.Plus(reign.State.Settings.WithDrift(lease.Ttl));

    public static bool AwaitsConfirmation(Lease lease) => lease.ConfirmWithin > TimeSpan.Zero && !lease.Confirmed;
}
