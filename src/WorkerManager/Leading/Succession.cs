using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// The start of a reign on a replayed state. Nothing soft is inherited; every lease gets its full time and every worker its
/// full silence anew, so that a failover neither expires nor loses anything by itself.
/// </summary>
internal static class Succession
{
    public static void Begin(Reign reign, Epoch epoch, string node)
    {
        var state = reign.State;
        reign.Epoch = epoch;
        reign.Timers.Clear();
        reign.Emit(new Entry { LeadershipClaimed = new LeadershipClaimed { Node = node } });
        if (!state.Header.SettingsJournaled)
        {
            SettingsOrders.Journal(reign, reign.Options.InitialSettings);
        }

        reign.Placement.Seed(unchecked((epoch.Value << 32) + state.Applied.Value));
        reign.Refill.Reset(reign.Now);
        foreach (var lease in state.Leases.All.Ascending().Where(lease => lease.IsHeld))
        {
#if MUTANTS
            if (Mutant.Is("failover-expires"))
            {
                reign.Timers.Set(lease, reign.Now.Plus(lease.Ttl / 4));
                continue;
            }
#endif
            LeaseTimer.Start(reign, lease);
        }

        foreach (var worker in state.WorkerTable.Roster)
        {
            Await(reign, worker);
        }

        foreach (var function in state.FunctionTable.Versions.Ascending())
        {
            state.Touch(function);
        }
    }

    private static void Await(Reign reign, Worker worker)
    {
        worker.Link = new WorkerLink(worker) { LastHeard = reign.Now };
        if (!worker.IsLost)
        {
            Silence.Arm(reign, worker.Link);
        }

        if (worker.Orders == WorkerStanding.Draining)
        {
            Draining.Arm(reign, worker);
        }
    }
}
