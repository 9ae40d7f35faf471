using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>Tenants are added on first use and limited by operators.</summary>
internal static class TenantChanges
{
    public static void Apply(PartitionState state, in EntryContext context, TenantAdded entry)
    {
        var tenant = new Tenant(context.Position, TenantName.Create(entry.Name));
        Invariant.Check(!state.Tenants.TryGet(tenant.Name, out _), "a tenant is added once");
        state.Tenants.Add(tenant);
        state.Hasher.Add(tenant);
    }

    public static void Apply(PartitionState state, TenantLimitSet entry)
    {
        var tenant = state.Tenants.All.Get(entry.Tenant);
        state.Hasher.Remove(tenant);
        tenant.LeaseLimit = entry.LeaseLimit;
        state.Hasher.Add(tenant);
    }
}
