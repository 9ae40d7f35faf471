using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Gate;
using Message = ControlPlane.Protocol.V1.PlaneMessage.MessageOneofCase;

namespace ControlPlane.Worker.Session;

/// <summary>What the worker does at each message of the plane. None of it waits for a process.</summary>
internal static class PlaneMessages
{
    /// <summary>A message about a sandbox that is not here is answered where an answer helps the plane, otherwise ignored.</summary>
    public static void Obey(WorkerAgent agent, PartitionId partition, uint driftPermille, PlaneMessage message)
    {
        switch (message.MessageCase)
        {
            case Message.CreateSandbox:
                agent.Sandboxes.Create(message.CreateSandbox.Sandbox.ToPrimitive(), message.CreateSandbox.Function);
                break;
            case Message.DestroySandbox:
                agent.Sandboxes.Destroy(message.DestroySandbox.Sandbox.ToPrimitive());
                break;
            case Message.Grant:
                Push(agent, message.Grant, driftPermille);
                break;
            case Message.Revoke:
                Revoke(agent, message.Revoke);
                break;
            case Message.RequestInventory:
                agent.Reports.Post(partition, new WorkerMessage { Inventory = new Inventory { Sandboxes = { ActualState.Inventory(agent.Sandboxes, partition) } } });
                break;
            default:
                WorkerLog.MessageIgnored(agent.Logger, $"{message.MessageCase} is not known here");
                break;
        }
    }

    private static void Push(WorkerAgent agent, Grant grant, uint driftPermille)
    {
        if (agent.Sandboxes.Find(grant.Sandbox.ToPrimitive()) is not { } sandbox)
        {
            WorkerLog.MessageIgnored(agent.Logger, $"a grant of {grant.Sandbox.ToPrimitive()}, which is not here");
        }
        else if (!TenantName.TryCreate(grant.Tenant, out var tenant) || grant.TtlMs <= 0)
        {
            WorkerLog.MessageIgnored(agent.Logger, $"a grant of {sandbox.Id} for tenant '{grant.Tenant}' and {grant.TtlMs} ms");
        }
        else
        {
            var ttl = TimeSpan.FromMilliseconds(grant.TtlMs) * ((1000 - driftPermille) / 1000.0);
            sandbox.Push(new GateGrant(grant.Fence.ToPrimitive(), tenant, agent.Time.GetElapsedTime(0) + ttl));
        }
    }

    /// <summary>A sandbox that is not here is not in use either: its floor holds already.</summary>
    private static void Revoke(WorkerAgent agent, Revoke revoke)
    {
        var id = revoke.Sandbox.ToPrimitive();
        if (agent.Sandboxes.Find(id) is { } sandbox)
        {
            sandbox.Revoke(new SequenceNumber(revoke.Floor), revoke.Acknowledge);
        }
        else if (revoke.Acknowledge)
        {
            agent.Reports.FloorAcknowledged(id, new SequenceNumber(revoke.Floor));
        }
    }
}
