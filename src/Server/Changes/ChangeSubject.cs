using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Answers;

namespace ControlPlane.Server.Changes;

/// <summary>Fills in whom a change is about: a lease leads to its sandbox, a sandbox to its function and worker.</summary>
internal readonly struct ChangeSubject(Change change, PartitionId partition, Facts facts)
{
    /// <summary>A change of the lease granted at <paramref name="position"/>.</summary>
    public void Lease(Change.Types.Kind kind, ulong position, string detail = "") => Lease(kind, position, facts.Of(position), detail);

    /// <summary>A change of a lease whose names are at hand.</summary>
    public void Lease(Change.Types.Kind kind, ulong position, Names names, string detail)
    {
        Fill(kind, names, detail);
        change.Lease = new Primitives.LeaseId(partition, new SequenceNumber(position)).ToWire();
        if (names.Sandbox != 0)
        {
            change.Sandbox = new Primitives.SandboxId(partition, new SequenceNumber(names.Sandbox)).ToWire();
        }
    }

    /// <summary>A change of the sandbox created at <paramref name="position"/>.</summary>
    public void Sandbox(Change.Types.Kind kind, ulong position, string detail = "") => Sandbox(kind, position, facts.Of(position), detail);

    /// <summary>A change of a sandbox whose names are at hand.</summary>
    public void Sandbox(Change.Types.Kind kind, ulong position, Names names, string detail)
    {
        Fill(kind, names, detail);
        change.Sandbox = new Primitives.SandboxId(partition, new SequenceNumber(position)).ToWire();
    }

    private void Fill(Change.Types.Kind kind, Names names, string detail)
    {
        (change.Kind, change.Detail) = (kind, detail);
        (change.Tenant, change.Function, change.Worker) = (names.Tenant, names.Function, names.Worker);
    }
}
