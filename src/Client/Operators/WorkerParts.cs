using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>What several partitions know of the same workers, as one: each knows the share that the worker gave it.</summary>
internal static class WorkerParts
{
    /// <summary>One for each worker, in order of the names.</summary>
    public static IEnumerable<WorkerStatus> Join(IEnumerable<WorkerStatus> parts) =>
        parts.GroupBy(part => part.Name, StringComparer.Ordinal).OrderBy(worker => worker.Key, StringComparer.Ordinal).Select(worker => Join([.. worker]));

    private static WorkerStatus Join(IReadOnlyList<WorkerStatus> parts) => new(parts[0])
    {
        CapacityMemoryMib = Sum(parts, part => part.CapacityMemoryMib),
        CapacitySandboxes = Sum(parts, part => part.CapacitySandboxes),
        Sandboxes = Sum(parts, part => part.Sandboxes),
        Leases = Sum(parts, part => part.Leases),
        MemoryCommittedMib = Sum(parts, part => part.MemoryCommittedMib),

        // What hinders it anywhere is what an operator looks for: the states are numbered in that order.
        State = parts.Max(part => part.State),
        Connected = parts.All(part => part.Connected),
    };

    private static uint Sum(IReadOnlyList<WorkerStatus> parts, Func<WorkerStatus, uint> figure) => (uint)parts.Sum(part => (long)figure(part));
}
