using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Held leases, and ended ones whose request is remembered.</summary>
internal sealed class LeaseTable
{
    public PositionTable<Lease> All { get; } = new();

    public int HeldCount { get; private set; }

    public void Add(Lease lease)
    {
        All.Add(lease);
        lease.Request.Add(lease);
        HeldCount += lease.IsHeld ? 1 : 0;
        if (lease.Sandbox is { } sandbox)
        {
            Invariant.Check(lease.IsHeld, "only a held lease has a sandbox");
            Invariant.Check(sandbox.Lease is null, "a sandbox is never held by two leases");
            sandbox.Lease = lease;
        }
    }

    public void CountEnd()
    {
        HeldCount--;
        Invariant.Check(HeldCount >= 0, "the count of held leases is never negative");
    }
}
