using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// How well a worker would take one more sandbox; lower is better. The predicted peak use over capacity of the scarcest
/// resource, plus penalties: the load of one tenant or one function on a worker is correlated, so much of it counts as
/// one large workload; other zones than the wanted one, and zones that already have much of the function, cost too. Code
/// that the worker already has is a bonus.
/// </summary>
/// <param name="Cpu">Predicted peak of processor use, of all cores; of an unknown load its share of slots.</param>
/// <param name="Memory">Memory, of what there is.</param>
/// <param name="FunctionShare">Penalty for the function's share of the worker.</param>
/// <param name="TenantShare">Penalty for the tenant's share of the worker.</param>
/// <param name="Zone">Penalty for another zone than the wanted one.</param>
/// <param name="CachedCode">Bonus, negative.</param>
public readonly record struct PlacementScore(double Cpu, double Memory, double FunctionShare, double TenantShare, double Zone, double CachedCode)
{
    private const double ShareWeight = 0.25;
    private const double OtherZonePenalty = 1.0;
    private const double CachedCodeBonus = 0.05;

    /// <summary>What candidates are compared by.</summary>
    public double Total => Math.Max(Cpu, Memory) + FunctionShare + TenantShare + Zone + CachedCode;

    /// <summary>The rule.</summary>
    public static PlacementScore Of(in PlacementLoad load) => new(
        load.CpuPeak ?? (double)load.SandboxesAfter / Math.Max(1u, load.CapacitySandboxes),
        load.MemoryPeakMib / Math.Max(1.0, load.CapacityMemoryMib),
        ShareWeight * (load.OfFunction + load.Planned) / load.SandboxesAfter,
        ShareWeight * load.OfTenant / load.SandboxesAfter,
        load.IsOtherZone ? OtherZonePenalty : 0,
        load.OfFunction > 0 ? -CachedCodeBonus : 0);

    internal static PlacementScore Of(PartitionState state, Worker worker, AllocateRequest? request, FunctionVersion function, Tenant? tenant, (int Slots, ulong MemoryMib) taken)
    {
        var after = worker.SandboxCount + taken.Slots + 1;
        var memoryAfter = worker.MemoryCommittedMib + taken.MemoryMib + function.Definition.MemoryMib;
        return Of(new PlacementLoad
        {
            SandboxesAfter = after,
            CapacitySandboxes = worker.CapacitySandboxes,
            MemoryPeakMib = Math.Max(memoryAfter, worker.Link?.Memory.Peak ?? 0),
            CapacityMemoryMib = worker.CapacityMemoryMib,
            CpuPeak = CpuPeak(worker, after),
            OfFunction = CountOf(function, worker),
            Planned = taken.Slots,
            OfTenant = tenant is null ? 0 : state.Affinity.Count(tenant, function, worker),
            IsOtherZone = request is { Zone.Length: > 0 } && request.Zone != worker.Zone,
        });
    }

    internal CandidateScore Report(Worker worker) => new(worker.Name, Total,
    [
        new("cpu", Cpu),
        new("memory", Memory),
        new("function_share", FunctionShare),
        new("tenant_share", TenantShare),
        new("zone", Zone),
        new("cached_code", CachedCode),
    ]);

    /// <summary>The machine's predicted peak, grown by what its sandboxes use on average.</summary>
    private static double? CpuPeak(Worker worker, int sandboxesAfter)
    {
        if (worker.Link is not { Cores: > 0 } link)
        {
            return null;
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
