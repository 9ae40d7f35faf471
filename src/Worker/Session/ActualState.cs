using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Session;

/// <summary>What the worker has of a partition, as messages. A session begins with it, so that nothing said into a broken one is lost.</summary>
internal static class ActualState
{
    /// <summary>One line for each sandbox.</summary>
    public static IEnumerable<SandboxInventory> Inventory(SandboxTable sandboxes, PartitionId partition) =>
        sandboxes.Of(partition).Select(sandbox => new SandboxInventory
        {
            Sandbox = sandbox.Id.ToWire(),
            State = sandbox switch
            {
                { Quarantined: true } => SandboxState.Quarantined,
                { Phase: SandboxPhase.Ready } => SandboxState.Ready,
                _ => SandboxState.Starting,
            },
            HighestPosition = sandbox.GateState().Highest.Value,
            Restarted = sandbox.Restarted,
        });

    /// <summary>Every report that matters and still holds.</summary>
    public static IEnumerable<WorkerMessage> Messages(SandboxTable sandboxes, PartitionId partition)
    {
        foreach (var (id, reason) in sandboxes.Ended.Where(ended => ended.Id.Partition == partition))
        {
            yield return Reports.DiedMessage(id, reason);
        }

        foreach (var sandbox in sandboxes.Of(partition))
        {
            var (_, floor, confirmed) = sandbox.GateState();
            if (sandbox.Phase == SandboxPhase.Ready)
            {
                yield return Reports.ReadyMessage(sandbox.Id, sandbox.Boot);
            }

            if (confirmed is { } token)
            {
                yield return Reports.ConfirmedMessage(sandbox.Id, token);
            }

            if (floor != SequenceNumber.None)
            {
                yield return Reports.FloorMessage(sandbox.Id, floor);
            }
        }
    }
}
