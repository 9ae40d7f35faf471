using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl tenant show|limit</c>.</summary>
internal static class TenantCommands
{
    public static Command Build(Terminal terminal)
    {
        var shown = new Argument<string>("NAME") { Description = "The tenant." };
        var limited = new Argument<string>("NAME") { Description = "The tenant." };
        var limit = new Argument<uint>("LEASES") { Description = "How many leases it may hold; 0 = the default applies." };
        return new CpctlCommand("tenant", "Shows and limits what tenants hold.").With(
            new CpctlCommand("show", "A tenant's limit and use.", "cpctl tenant show acme").With(shown).Does(terminal, async context =>
            {
                var tenant = await context.Operator.GetTenantAsync(context.Get(shown), context.Cancellation);
                context.Show(new TenantView(tenant.Tenant, tenant.LeaseLimit, tenant.InUse));
            }),
            new CpctlCommand("limit", "How many leases a tenant may hold at a time.", "cpctl tenant limit acme 100").With(limited, limit).Does(terminal, async context =>
            {
                await context.Operator.SetTenantLimitAsync(context.Get(limited), context.Get(limit), context.Cancellation);
                var holds = context.Get(limit) == 0 ? "the default limit applies" : $"at most {context.Get(limit)} leases";
                context.Show(new DoneView($"tenant {context.Get(limited)}: {holds}"));
            }));
    }
}
