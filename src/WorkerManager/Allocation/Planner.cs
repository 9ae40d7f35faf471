using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>Fills a plan for one request: free sandboxes first, then (if the caller reserves) starting and new ones.</summary>
internal static class Planner
{
    /// <summary>Adds all of the request's sandboxes to the plan. False if not all can be had; the plan is then to be dropped.</summary>
    public static bool TryFill(Reign reign, AllocateRequest request, FunctionVersion function, Tenant? tenant, Inspection? inspection = null)
    {
        for (var i = 0; i < request.Count; i++)
        {
            if (!TryTakeWarm(reign, request, function, tenant, inspection)
                && !(request.ColdPolicy == ColdPolicy.Reserve && TryTakeCold(reign, request, function, tenant, inspection)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryTakeWarm(Reign reign, AllocateRequest request, FunctionVersion function, Tenant? tenant, Inspection? inspection)
    {
        var sandbox = WarmSelection.Pick(reign, request, function.Free, tenant, inspection, out var sticky);
        if (sandbox is null)
        {
            return false;
        }

        var reason = sandbox.FreedPosition <= reign.StepStart
            ? (sticky ? ChoiceReason.WarmSticky : ChoiceReason.WarmRecent)
            : ReferenceEquals(sandbox, reign.JustBooted) ? ChoiceReason.Cold : ChoiceReason.HandedOver;
        reign.Plan.Take(sandbox, reason, warm: reason != ChoiceReason.Cold);
        return true;
    }

    private static bool TryTakeCold(Reign reign, AllocateRequest request, FunctionVersion function, Tenant? tenant, Inspection? inspection)
    {
        if (WarmSelection.Pick(reign, request, function.Starting, tenant, inspection: null, out _) is { } starting)
        {
            reign.Plan.Take(starting, ChoiceReason.Reserved, warm: false);
            return true;
        }

        if (reign.Placement.Choose(reign, request, function, tenant, inspection) is { } host)
        {
            reign.Plan.Take(host, function);
            return true;
        }

        return false;
    }
}
