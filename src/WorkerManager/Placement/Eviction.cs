using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Makes room when no worker has any: the least recently used free sandbox above its function's warm target is given up.
/// Its slot is taken again only once its end is verified.
/// </summary>
internal static class Eviction
{
    /// <summary>Workers searched for one; the search starts somewhere else each time.</summary>
    private const int WorkersSearchedMax = 64;

    public static bool EvictOne(Reign reign, AllocateRequest request, FunctionVersion wanted)
    {
        var roster = reign.State.WorkerTable.Roster;
        var victim = default(Sandbox);
        var start = roster.Count == 0 ? 0 : (int)(reign.State.Applied.Value % (ulong)roster.Count);
        for (var i = 0; i < Math.Min(roster.Count, WorkersSearchedMax); i++)
        {
            var worker = roster[(start + i) % roster.Count];
            if (MayHost(worker, request) && wanted.Definition.MemoryMib <= worker.CapacityMemoryMib)
            {
                victim = Older(victim, LeastRecentlyUsed(worker));
            }
        }

        if (victim is null)
        {
            return false;
        }

        Retirement.Retire(reign, victim);
        return true;
    }

    private static bool MayHost(Worker worker, AllocateRequest request)
    {
        for (var i = 0; i < Math.Max(1, request.Selectors.Count); i++)
        {
            if (WorkerFilters.Of(worker, request.Selectors.Count == 0 ? null : request.Selectors[i], assumeConnected: false) == Filter.None)
            {
                return true;
            }
        }

        return false;
    }

    private static Sandbox? LeastRecentlyUsed(Worker worker)
    {
        var found = default(Sandbox);
        for (var i = 0; i < worker.Sandboxes.Count; i++)
        {
            var sandbox = worker.Sandboxes[i];
            if (sandbox.Standing == SandboxStanding.Free && sandbox.Function.Free.Count > sandbox.Function.Definition.WarmTarget)
            {
                found = Older(found, sandbox);
            }
        }

        return found;
    }

    private static Sandbox? Older(Sandbox? left, Sandbox? right) =>
        left is null ? right : right is null || left.FreedPosition < right.FreedPosition ? left : right;
}
