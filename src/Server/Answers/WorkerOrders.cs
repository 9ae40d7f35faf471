using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.Server.Answers;

/// <summary>What the plane says to a worker.</summary>
internal static class WorkerOrders
{
    /// <summary>The message for an effect. The end of a session is none: it is the end of the stream.</summary>
    public static PlaneMessage ToWire(this WorkerEffect effect, PartitionId partition) => effect switch
    {
        OpenSession open => new PlaneMessage { Session = ToWire(open, partition) },
        WorkerManager.Effects.CreateSandbox create => new PlaneMessage
        {
            CreateSandbox = new Protocol.V1.CreateSandbox { Sandbox = create.Sandbox.ToWire(), Function = create.Function.ToWire(create.FunctionVersion) },
        },
        WorkerManager.Effects.DestroySandbox destroy => new PlaneMessage
        {
            DestroySandbox = new Protocol.V1.DestroySandbox { Sandbox = destroy.Sandbox.ToWire() },
        },
        WorkerManager.Effects.Grant grant => new PlaneMessage { Grant = ToWire(grant, partition) },
        WorkerManager.Effects.Revoke revoke => new PlaneMessage
        {
            Revoke = new Protocol.V1.Revoke { Sandbox = revoke.Sandbox.ToWire(), Floor = revoke.Floor.Value, Acknowledge = revoke.Acknowledge },
        },
        WorkerManager.Effects.RequestInventory => new PlaneMessage { RequestInventory = new Protocol.V1.RequestInventory() },
        _ => throw new InvariantViolationException($"{effect.GetType().Name} has a message"),
    };

    private static Session ToWire(OpenSession open, PartitionId partition)
    {
        var session = new Session
        {
            Epoch = open.Epoch.Value,
            LostAfterMs = (long)open.LostAfter.TotalMilliseconds,
            HeartbeatIntervalMs = (long)open.HeartbeatInterval.TotalMilliseconds,
            Registration = open.Registration.Value,
            DriftPermille = open.DriftPermille,
            Partition = partition.Value,
        };
        foreach (var sandbox in open.Quarantine)
        {
            session.Quarantine.Add(sandbox.ToWire());
        }

        return session;
    }

    private static Protocol.V1.Grant ToWire(WorkerManager.Effects.Grant grant, PartitionId partition) => new()
    {
        Sandbox = grant.Sandbox.ToWire(),

        // A lease's id and its fencing token are the position of the same entry.
        Lease = new Primitives.LeaseId(partition, grant.Fence.Position).ToWire(),
        Fence = grant.Fence.ToWire(),
        TtlMs = (long)grant.Ttl.TotalMilliseconds,
        Tenant = grant.Tenant.Value,
    };
}
