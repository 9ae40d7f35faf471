namespace ControlPlane.WorkerManager;

/// <summary>Every record of a state, in the order in which they refer to one another.</summary>
internal static class SnapshotRecords
{
    public static IEnumerable<IStateRecord> Of(PartitionState state)
    {
        yield return state.Header;
        foreach (var tenant in state.Tenants.All.Ascending())
        {
            yield return tenant;
        }

        foreach (var family in state.FunctionTable.Families)
        {
            yield return family;
        }

        foreach (var version in state.FunctionTable.Versions.Ascending())
        {
            yield return version;
        }

        foreach (var worker in state.WorkerTable.All.Ascending())
        {
            yield return worker;
        }

        foreach (var sandbox in state.Sandboxes.All.Ascending())
        {
            yield return sandbox;
        }

        foreach (var client in state.Requests.Clients)
        {
            yield return client;
        }

        foreach (var lease in state.Leases.All.Ascending())
        {
            if (ReferenceEquals(lease.Request.FirstLease, lease))
            {
                yield return lease.Request;
            }

            yield return lease;
        }
    }

    public static StateHash HashAll(PartitionState state)
    {
        var hasher = new StateHasher();
        foreach (var record in Of(state))
        {
            hasher.Add(record);
        }

        return hasher.Hash;
    }
}
