using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager;

namespace ControlPlane.Server.Changes;

/// <summary>
/// Names given below the journal's head. The entries that gave them are gone, but a trim never passes the newest snapshot, so
/// whatever a later entry names is in a snapshot: everything behind the oldest one kept is described in full. Only
/// what ended between the head and that snapshot has lost its name.
/// </summary>
/// <remarks>
/// From a snapshot and not from the live state: that has forgotten a lease by the time its last change is read. The index is made
/// when it is first needed after a trim, which takes as long as restoring the snapshot; the loop does not notice. Any thread.
/// </remarks>
internal sealed class TrimmedNames(PartitionHost partition)
{
    private readonly Lock _making = new();
    private Dictionary<ulong, Names> _names = [];
    private SequenceNumber _head;

    /// <summary>The names of a position below the head.</summary>
    public Names Of(ulong position)
    {
        lock (_making)
        {
            if (partition.Journal.Head is var head && head != _head)
            {
                (_names, _head) = (NamesBelow(head), head);
            }

            return _names.GetValueOrDefault(position, Names.None);
        }
    }

    private Dictionary<ulong, Names> NamesBelow(SequenceNumber head)
    {
        var snapshots = partition.Journal.Snapshots;
        var oldest = snapshots.List().Reverse().Select(position => snapshots.FindNewest(position, _ => { })).FirstOrDefault(whole => whole is not null);
        return oldest is { } snapshot
            ? NamesIn(partition.Rebuild(snapshot.Applied.Last).State).Where(named => named.Position < head).ToDictionary(named => named.Position.Value, named => named.Names)
            : [];
    }

    private static IEnumerable<(SequenceNumber Position, Names Names)> NamesIn(PartitionState state)
    {
        var tenants = state.KnownTenants().Select(tenant => (tenant.Position, new Names(Tenant: tenant.Name.Value)));
        var functions = state.Functions(allVersions: true).Select(function => (function.Position, new Names(Function: function.Definition.Name.Value)));
        var workers = state.Workers().Select(worker => (worker.Registration, new Names(Worker: worker.Name.Value)));
        var sandboxes = state.LiveSandboxes().Select(sandbox => (
            sandbox.Position,
            new Names(Function: sandbox.Function.Definition.Name.Value, Worker: sandbox.Worker.Name.Value)));
        var leases = state.HeldLeases(SequenceNumber.None).Select(lease => (
            lease.Id.Position,
            new Names(lease.Tenant.Value, lease.Function.Value, lease.Worker.Value, lease.Sandbox.Position.Value)));
        return tenants.Concat(functions).Concat(workers).Concat(sandboxes).Concat(leases);
    }
}
