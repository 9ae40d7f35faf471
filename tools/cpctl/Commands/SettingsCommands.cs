using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl settings show|set</c>.</summary>
internal static class SettingsCommands
{
    public static Command Build(Terminal terminal) => new CpctlCommand("settings", "The journaled rules of the plane.").With(
        new CpctlCommand("show", "The rules that hold now.", "cpctl settings show")
            .Does(terminal, async context => context.Show(SettingsView.Of(await context.Operator.GetSettingsAsync(context.Cancellation)))),
        Set(terminal));

    private static CpctlCommand Set(Terminal terminal)
    {
        var retention = new Option<Duration>("--request-retention") { Description = "How long an ended request is remembered.", HelpName = "TIME", CustomParser = Duration.Parse };
        var ended = new Option<uint>("--ended-requests-max") { Description = "How many ended requests are remembered.", HelpName = "N" };
        var drift = new Option<uint>("--drift-permille") { Description = "Bound on clocks' drift, 0 to 200.", HelpName = "N" };
        var tenant = new Option<uint>("--default-tenant-limit") { Description = "Leases of a tenant without a limit of its own; 0 = no limit.", HelpName = "N" };
        var partition = new Option<uint>("--partition-limit") { Description = "Leases in a partition; 0 = no limit.", HelpName = "N" };
        return new CpctlCommand(
            "set",
            "Changes the rules that are named and leaves the others as they are.",
            "cpctl settings set --default-tenant-limit 1000")
            .With(retention, ended, drift, tenant, partition)
            .Does(terminal, async context =>
            {
                var settings = await context.Operator.GetSettingsAsync(context.Cancellation);
                settings.RequestRetentionMs = context.Has(retention) ? (long)context.Get(retention).Value.TotalMilliseconds : settings.RequestRetentionMs;
                settings.EndedRequestsMax = context.Has(ended) ? context.Get(ended) : settings.EndedRequestsMax;
                settings.DriftPermille = context.Has(drift) ? context.Get(drift) : settings.DriftPermille;
                settings.DefaultTenantLeaseLimit = context.Has(tenant) ? context.Get(tenant) : settings.DefaultTenantLeaseLimit;
                settings.PartitionLeaseLimit = context.Has(partition) ? context.Get(partition) : settings.PartitionLeaseLimit;
                context.Show(SettingsView.Of(await context.Operator.SetSettingsAsync(settings, context.Cancellation)));
            });
    }
}
