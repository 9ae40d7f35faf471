using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Answers;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Server.Changes;

/// <summary>Fills in whom a change is about: a lease leads to its sandbox, a sandbox to its function and worker.</summary>
internal readonly struct ChangeSubject(Change change, PartitionId partition, Facts facts)
{
    /// <summary>A change of the lease granted at <paramref name="position"/>.</summary>
    public void Lease(Change.Types.Kind kind, ulong position, string detail = "") =>
        Lease(kind, position, facts.Lease(position), detail);

    /// <summary>A change of a lease whose grant is at hand (null if it was trimmed).</summary>
    public void Lease(Change.Types.Kind kind, ulong position, LeaseGranted? grant, string detail)
    {
        if (grant is not null)
        {
            Sandbox(kind, grant.Sandbox, detail);
            change.Tenant = facts.Tenant(grant.Tenant);
        }

        change.Kind = kind;
        change.Detail = detail;
        change.Lease = new Primitives.LeaseId(partition, new SequenceNumber(position)).ToWire();
    }

    /// <summary>A change of the sandbox created at <paramref name="position"/>.</summary>
    public void Sandbox(Change.Types.Kind kind, ulong position, string detail = "")
    {
        Sandbox(kind, position, facts.Sandbox(position));
        change.Detail = detail;
    }

    /// <summary>A change of a sandbox whose beginning is at hand (null if it was trimmed).</summary>
    public void Sandbox(Change.Types.Kind kind, ulong position, SandboxCreated? created)
    {
        change.Kind = kind;
        change.Sandbox = new Primitives.SandboxId(partition, new SequenceNumber(position)).ToWire();
        if (created is not null)
        {
            change.Function = facts.Function(created.Function);
            change.Worker = facts.Worker(created.Worker);
        }
    }
}
