using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>Starts sandboxes for requests that wait for one to boot: as many as are missing, and never more.</summary>
internal static class ColdStarts
{
    /// <summary>Waiting requests that no worker can host, passed over in one run; each costs a look at the fleet.</summary>
    private const int PassedOverMax = 16;

    /// <summary>False if the budget ran out.</summary>
    public static bool Run(Reign reign, FunctionVersion function, ref int budget)
    {
        var passedOver = 0;
        var coming = function.Starting.Count + function.Free.Count;
        for (var waiter = function.Waiting.First; waiter is not null; waiter = function.Waiting.After(waiter))
        {
            if (waiter.Request.ColdPolicy == ColdPolicy.WarmOnly)
            {
                continue;
            }

            coming -= waiter.Request.Count;
            for (; coming < 0; coming++)
            {
                if (budget-- <= 0)
                {
                    return false;
                }

                if (!Start(reign, waiter, missing: -coming))
                {
                    // Where a request that takes any worker finds none, nobody behind it will. One that is choosy must not
                    // hold up the others: they start their own.
                    if (waiter.Request.Selectors.Count == 0 || ++passedOver > PassedOverMax)
                    {
                        return true;
                    }

                    coming = 0;
                    break;
                }
            }
        }

        return true;
    }

    private static bool Start(Reign reign, Waiter waiter, int missing)
    {
        reign.State.Tenants.TryGet(waiter.Request.Tenant, out var tenant);
        reign.Plan.Begin();
        if (reign.Placement.Choose(reign, waiter.Request, waiter.Function, tenant, inspection: null) is { } host)
        {
            Creation.Create(reign, host, waiter.Function);
            return true;
        }

        if (reign.State.Sandboxes.RetiredCount < missing)
        {
            Eviction.EvictOne(reign, waiter.Request, waiter.Function);
        }

        return false;
    }
}
