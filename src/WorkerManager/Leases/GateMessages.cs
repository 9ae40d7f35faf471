using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.WorkerManager;

/// <summary>What a worker's gate is told about leases. Dropped without a session: a reconnect repeats what still holds.</summary>
internal static class GateMessages
{
    /// <summary>Lets the holder in for the time that is left of its lease.</summary>
    public static void Grant(Reign reign, Lease lease)
    {
        var sandbox = lease.Sandbox!;
        if (sandbox.Worker.Link?.Session is { } session)
        {
            var left = lease.RunsFrom.Plus(lease.Ttl).Since(reign.Now);
            reign.Do(new Grant(session, reign.IdOf(sandbox), lease.Fence, left, lease.Tenant.Name));
        }
    }

    /// <summary>Voids every token below the floor that the sandbox's state names.</summary>
    public static void Revoke(Reign reign, Sandbox sandbox)
    {
        if (sandbox.Worker.Link?.Session is { } session)
        {
            reign.Do(new Revoke(session, reign.IdOf(sandbox), sandbox.HighestFence, Acknowledge: sandbox.Standing == SandboxStanding.Releasing));
        }
    }
}
