using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Chooses among a function version's unleased sandboxes: the first selector that matches any, the preferred zone before
/// others, a worker where the tenant already runs the function among the most recent few, else the most recently used.
/// Most-recently-used first keeps load on few sandboxes and lets the others grow old enough to go.
/// </summary>
internal static class WarmSelection
{
    public static Sandbox? Pick(Reign reign, AllocateRequest request, SandboxChain chain, Tenant? tenant, Inspection? inspection, out bool sticky)
    {
        sticky = false;
        if (chain.Count == 0)
        {
            return null;
        }

        for (var i = 0; i < Math.Max(1, request.Selectors.Count); i++)
        {
            var selector = request.Selectors.Count == 0 ? null : request.Selectors[i];
            var found = request.Zone.Length == 0 ? null : Scan(reign, request.Zone, selector, chain, tenant, inspection: null, out sticky);
            found ??= Scan(reign, zone: null, selector, chain, tenant, inspection, out sticky);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private static Sandbox? Scan(Reign reign, string? zone, Selector? selector, SandboxChain chain, Tenant? tenant, Inspection? inspection, out bool sticky)
    {
        sticky = false;
        var assumeConnected = inspection?.AssumeConnected ?? false;
        var mostRecent = default(Sandbox);
        var looksForSticky = tenant is { InUse: > 0 } ? Limits.StickyScanMax : 1;
        for (var sandbox = chain.Newest; sandbox is not null && looksForSticky > 0; sandbox = sandbox.ChainOlder)
        {
            var filter = reign.Plan.Has(sandbox) ? Filter.Taken : WorkerFilters.Of(sandbox.Worker, selector, assumeConnected);
            inspection?.Sandboxes.Count(filter);
            if (filter != Filter.None || (zone is not null && sandbox.Worker.Zone != zone))
            {
                continue;
            }

            if (tenant is { InUse: > 0 } && reign.State.Affinity.Count(tenant, sandbox.Function, sandbox.Worker) > 0)
            {
                sticky = true;
                return sandbox;
            }

            mostRecent ??= sandbox;
            looksForSticky--;
        }

        return mostRecent;
    }
}
