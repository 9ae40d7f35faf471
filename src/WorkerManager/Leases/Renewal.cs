using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Extends leases, each for itself. A renewal also confirms.</summary>
internal static class Renewal
{
    public static void Decide(Reign reign, Renew command)
    {
        var results = new RenewResult[command.Items.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Renew(reign, command, command.Items[i]);
        }

        reign.Reply(command.Call, new RenewAnswered(results));
    }

    private static RenewResult Renew(Reign reign, Renew command, in RenewItem item)
    {
        if (HeldLeases.Check(reign, command.Tenant, item.Lease, out var lease) is { } rejection)
        {
            return new(rejection, 0, default);
        }

        if (item.Ttl < TimeSpan.FromMilliseconds(1))
        {
            return new(Refusals.Invalid("ttl_ms", "at least 1"), 0, default);
        }

        reign.Emit(new Entry
        {
            LeaseRenewed = new LeaseRenewed
            {
                Lease = lease.Position.Value,
                RenewSequence = lease.RenewSequence + 1,
                TtlMs = Milliseconds.Of(item.Ttl ?? lease.Ttl),
            },
        });
#if MUTANTS
        if (Primitives.Mutant.Is("renewal-does-not-count"))
        {
            return new(null, lease.RenewSequence, lease.Ttl);
        }
#endif
        LeaseTimer.Start(reign, lease);
        GateMessages.Grant(reign, lease);
        return new(null, lease.RenewSequence, lease.Ttl);
    }
}
