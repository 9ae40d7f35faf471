using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Limits and rules that operators set. What already holds is not journaled again.</summary>
internal static class SettingsOrders
{
    public static void Decide(Reign reign, SetTenantLimit command)
    {
        var state = reign.State;
        if (!state.Tenants.TryGet(command.Tenant, out var tenant))
        {
            if (state.TenantCount >= Limits.TenantsMax)
            {
                reign.Reply(command.Call, new Refused(Refusals.Overloaded("tenants", Limits.TenantsMax, reign.Options.RetryAfter)));
                return;
            }

            var position = reign.Emit(new Entry { TenantAdded = new TenantAdded { Name = command.Tenant.Value } });
            tenant = state.Tenants.All.Get(position.Value);
        }

        if (tenant.LeaseLimit != command.LeaseLimit)
        {
            reign.Emit(new Entry { TenantLimitSet = new TenantLimitSet { Tenant = tenant.Position.Value, LeaseLimit = command.LeaseLimit } });
            LimitRoom.Freed(reign);
        }

        reign.Reply(command.Call, Done.Instance);
    }

    public static void Decide(Reign reign, SetSettings command)
    {
        if (reign.State.Settings != command.Settings)
        {
            Journal(reign, command.Settings);
            LimitRoom.Freed(reign);
        }

        reign.Reply(command.Call, Done.Instance);
    }

    public static void Journal(Reign reign, Settings settings) => reign.Emit(new Entry
    {
        SettingsChanged = new SettingsChanged
        {
            RequestRetentionMs = Milliseconds.Of(settings.RequestRetention),
            EndedRequestsMax = settings.EndedRequestsMax,
            DriftPermille = settings.DriftPermille,
            DefaultTenantLeaseLimit = settings.DefaultTenantLeaseLimit,
            PartitionLeaseLimit = settings.PartitionLeaseLimit,
        },
    });
}
