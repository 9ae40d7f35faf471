using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// How many slots of a function a tenant uses on a worker. Derived from sandboxes; only looked up, never listed, so the
/// order of the dictionary does not matter.
/// </summary>
internal sealed class Affinity
{
    private readonly Dictionary<(ulong Tenant, ulong Function, ulong Worker), int> uses = [];

    public int Count(Tenant tenant, FunctionVersion function, Worker worker) =>
        uses.GetValueOrDefault((tenant.Position.Value, function.Position.Value, worker.Position.Value));

    public void Add(Tenant tenant, FunctionVersion function, Worker worker, int change)
    {
        var key = (tenant.Position.Value, function.Position.Value, worker.Position.Value);
        var count = uses.GetValueOrDefault(key) + change;
        Invariant.Check(count >= 0, "a tenant's use of a worker is never negative");
        if (count == 0)
        {
            uses.Remove(key);
        }
        else
        {
            uses[key] = count;
        }
    }
}
