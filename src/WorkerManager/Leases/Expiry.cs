using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Ends leases that nobody gave back: their time ran out, nobody confirmed them, their worker drained, their caller went.
/// The entry carries the renewal number that it was decided on, so a committed renewal always wins; the sandbox then waits
/// for its gate to acknowledge the fence floor.
/// </summary>
internal static class Expiry
{
    /// <summary>The lease's timer is due.</summary>
    public static void Due(Reign reign, Lease lease)
    {
        var timeIsOver = LeaseTimer.EndOf(reign, lease) <= reign.Now;
        End(reign, lease, timeIsOver || !LeaseTimer.AwaitsConfirmation(lease) ? EndReason.Ttl : EndReason.Unconfirmed);
    }

    /// <summary>Ends a held lease and has the gate fence its sandbox.</summary>
    public static void End(Reign reign, Lease lease, EndReason reason)
    {
        var sandbox = lease.Sandbox!;
        reign.Emit(new Entry
        {
            LeaseExpired = new LeaseExpired
            {
                Lease = lease.Position.Value,
                RenewSequence = lease.RenewSequence,
                Reason = reason,
            },
        });
        GateMessages.Revoke(reign, sandbox);
    }
}
