using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>What a caller is told when there is no sandbox for it and it does not wait.</summary>
internal static class Shortage
{
    /// <summary>True if waiting cannot help: workers are there, but none could ever host the function.</summary>
    public static bool IsForGood(Reign reign, AllocateRequest request, FunctionVersion function)
    {
        if (request.ColdPolicy == ColdPolicy.WarmOnly || function.SandboxCount > 0)
        {
            return false;
        }

        var any = false;
        foreach (var worker in reign.State.WorkerTable.Roster)
        {
            any |= worker.IsConnected;
            if (!worker.IsLost && worker.CapacityMemoryMib >= function.Definition.MemoryMib && worker.CapacitySandboxes > 0)
            {
                return false;
            }
        }

        return any;
    }

    public static Rejection Refusal(Reign reign, AllocateRequest request, FunctionVersion function) =>
        request.ColdPolicy == ColdPolicy.Reserve || request.MaxWait > TimeSpan.Zero
            ? NoCapacity(reign, request, function)
            : NoWarm(function);

    private static Rejection NoWarm(FunctionVersion function) => new(
        RejectionReason.NoWarm,
        $"No free sandbox of {function.Definition.Name}, and the caller does not wait.",
        [new("starting", Refusals.Text(function.Starting.Count))]);

    private static Rejection NoCapacity(Reign reign, AllocateRequest request, FunctionVersion function)
    {
        var inspection = new Inspection(assumeConnected: false);
        reign.Placement.Choose(reign, request, function, tenant: null, inspection);
        var metadata = new List<KeyValuePair<string, string>> { new("considered", Refusals.Text(inspection.Workers.Considered)) };
        foreach (var (name, removed) in inspection.Workers.Removed())
        {
            metadata.Add(new($"filtered_{name}", Refusals.Text(removed)));
        }

        metadata.Add(Refusals.RetryAfter(reign.Options.RetryAfter));
        return new(RejectionReason.NoCapacity, $"No worker can take one more sandbox of {function.Definition.Name}.", metadata);
    }
}
