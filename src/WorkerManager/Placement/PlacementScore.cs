using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// How well a worker would take one more sandbox; lower is better. The predicted peak use over capacity of the scarcest
/// resource, plus penalties: the load of one tenant or one function on a worker is correlated, so much of it counts as
/// one large workload; other zones than the wanted one, and zones that already have much of the function, cost too. Code
/// that the worker already has is a bonus.
/// </summary>
internal readonly record struct PlacementScore(double Cpu, double Memory, double FunctionShare, double TenantShare, double Zone, double CachedCode)
{
    private const double ShareWeight = 0.25;
    private const double OtherZonePenalty = 1.0;
    private const double CachedCodeBonus = 0.05;

    public double Total => Math.Max(Cpu, Memory) + FunctionShare + TenantShare + Zone + CachedCode;

    public static PlacementScore Of(PartitionState state, Worker worker, AllocateRequest? request, FunctionVersion function, Tenant? tenant, (int Slots, ulong MemoryMib) taken)
    {
        var after = worker.SandboxCount + taken.Slots + 1;
        var memoryAfter = worker.MemoryCommittedMib + taken.MemoryMib + function.Definition.MemoryMib;
        var onWorker = CountOf(function, worker);
        return new PlacementScore(
            CpuPeak(worker, after),
            Math.Max(memoryAfter, worker.Link?.Memory.Peak ?? 0) / Math.Max(1.0, worker.CapacityMemoryMib),
            ShareWeight * (onWorker + taken.Slots) / after,
            tenant is null ? 0 : ShareWeight * state.Affinity.Count(tenant, function, worker) / after,
            request is { Zone.Length: > 0 } && request.Zone != worker.Zone ? OtherZonePenalty : 0,
            onWorker > 0 ? -CachedCodeBonus : 0);
    }

    public CandidateScore Report(Worker worker) => new(worker.Name, Total,
    [
        new("cpu", Cpu),
        new("memory", Memory),
        new("function_share", FunctionShare),
        new("tenant_share", TenantShare),
        new("zone", Zone),
        new("cached_code", CachedCode),
    ]);

    /// <summary>The machine's predicted peak, grown by what its sandboxes use on average; unknown load counts as its share of slots.</summary>
    private static double CpuPeak(Worker worker, int sandboxesAfter)
    {
        if (worker.Link is not { Cores: > 0 } link)
        {
            return (double)sandboxesAfter / Math.Max(1u, worker.CapacitySandboxes);
        }

        var perSandbox = link.Cpu.Mean / Math.Max(1, worker.SandboxCount);
        return (link.Cpu.Peak + (perSandbox * (sandboxesAfter - worker.SandboxCount))) / link.Cores;
    }

    private static int CountOf(FunctionVersion function, Worker worker)
    {
        var count = 0;
        for (var i = 0; i < worker.Sandboxes.Count; i++)
        {
            count += ReferenceEquals(worker.Sandboxes[i].Function, function) ? 1 : 0;
        }

        return count;
    }
}
