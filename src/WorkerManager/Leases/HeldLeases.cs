using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Is the caller the holder of the lease that it names?</summary>
internal static class HeldLeases
{
    /// <summary>Null if it is. Another tenant's lease is as unknown as one that never was.</summary>
    public static Rejection? Check(Reign reign, TenantName tenant, in HeldLease named, out Lease lease)
    {
        if (!reign.State.TryGetLease(named.Id, out var found) || found.Tenant.Name != tenant)
        {
            lease = null!;
            return Refusals.UnknownLease(named.Id);
        }

        lease = found;
#if MUTANTS
        if ((Mutant.Is("release-by-old-token") && found.IsHeld) || (Mutant.Is("late-renewal") && named.Fence == found.Fence && found.End == LeaseEnd.Ttl))
        {
            return null;
        }
#endif
        return named.Fence != found.Fence ? Refusals.StaleFence(named.Id, found.Fence)
            : found.IsHeld ? null
            : Refusals.LeaseEnded(named.Id, found.End);
    }
}
