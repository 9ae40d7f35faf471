using System.CommandLine;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl renew</c>, <c>release</c> and <c>lease list</c>.</summary>
internal static class LeaseCommands
{
    public static IEnumerable<Command> Build(Terminal terminal) => [Renew(terminal), Release(terminal), Lease(terminal)];

    private static CpctlCommand Renew(Terminal terminal)
    {
        var leases = Leases();
        var ttl = new Option<Duration>("--ttl") { Description = "The new time to live from now; as before if left out.", HelpName = "TIME", CustomParser = Duration.Parse };
        return new CpctlCommand("renew", "Extends leases, each for itself.", "cpctl renew L0-1234@3 --ttl 10m")
            .With(leases, ttl)
            .Does(terminal, async context =>
            {
                var wanted = context.Get(leases);
                var items = wanted.Select(lease => new RenewRequest.Types.Item { Lease = lease.ToWire(), TtlMs = (long)context.Get(ttl).Value.TotalMilliseconds });
                var answers = await context.Client.RenewAsync([.. items], context.Cancellation);
                return Shown(context, LeaseOutcomesView.Of(wanted, answers));
            });
    }

    private static CpctlCommand Release(Terminal terminal)
    {
        var leases = Leases();
        return new CpctlCommand("release", "Gives leases back, each for itself. Repeating it is harmless.", "cpctl release L0-1234@3 L0-1240@3")
            .With(leases)
            .Does(terminal, async context =>
            {
                var wanted = context.Get(leases);
                var answers = await context.Client.ReleaseAsync([.. wanted.Select(lease => lease.ToWire())], context.Cancellation);
                return Shown(context, LeaseOutcomesView.Of(wanted, answers));
            });
    }

    private static CpctlCommand Lease(Terminal terminal)
    {
        var function = new Option<string>("--function", "-f") { Description = "Only of this function.", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var all = new Option<bool>("--all-tenants") { Description = "Not only of --tenant." };
        var limit = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var list = new CpctlCommand("list", "The leases that are held now, in order of their ids.", "cpctl lease list --all-tenants", "cpctl lease list --json | jq -r .leases[].id")
            .With(function, all, limit)
            .Does(terminal, async context =>
            {
                var tenant = context.Get(all) ? "" : context.Tenant;
                context.Show(await LeasePages.ReadAsync(context, tenant, context.Get(function) ?? "", context.Get(limit)));
            });
        return new CpctlCommand("lease", "Shows leases.").With(list);
    }

    private static Argument<LeaseReference[]> Leases() => new("LEASE")
    {
        Description = "As `cpctl allocate` printed it: L0-1234@3.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = LeaseReference.ParseAll,
    };

    private static ExitCode Shown(CommandContext context, LeaseOutcomesView view)
    {
        context.Show(view);
        return view.AllDone() ? ExitCode.Ok : ExitCode.Refused;
    }
}
