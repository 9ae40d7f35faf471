using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Puts records back into a state, and with them everything that is derived from them.</summary>
internal sealed class RecordRestorer
{
    private readonly Dictionary<ulong, FunctionFamily> familyByCurrent = [];
    private readonly List<Request> ended = [];

    public void Restore(PartitionState state, RecordKind kind, ref CanonicalReader reader)
    {
        switch (kind)
        {
            case RecordKind.Partition: RestoreHeader(state, ref reader); break;
            case RecordKind.Tenant: Hashed(state, Tenant.Read(ref reader), state.Tenants.Add); break;
            case RecordKind.Family: RestoreFamily(state, ref reader); break;
            case RecordKind.Function: RestoreVersion(state, ref reader); break;
            case RecordKind.Worker: Hashed(state, Worker.Read(ref reader), state.WorkerTable.Add); break;
            case RecordKind.Sandbox: state.Sandboxes.Add(Sandbox.Read(ref reader, state)); break;
            case RecordKind.Client: Hashed(state, RestoreClient(ref reader), state.Requests.Add); break;
            case RecordKind.Request: RestoreRequest(state, ref reader); break;
            case RecordKind.Lease: Hashed(state, Lease.Read(ref reader, state), state.Leases.Add); break;
            default: throw reader.Damaged($"a record of unknown kind {(byte)kind}");
        }
    }

    /// <summary>Rebuilds what needs an order of its own: ended requests wait to be forgotten in the order in which they ended.</summary>
    public void Finish(PartitionState state)
    {
        Invariant.Check(familyByCurrent.Count == 0, "a current version is among the versions");
        Invariant.Check(ended.TrueForAll(request => request.FirstLease is not null), "a request has leases");
        foreach (var request in ended.OrderBy(request => request.EndedPosition).ThenBy(request => request.FirstLease!.Position))
        {
            state.Requests.AddEnded(request);
        }
    }

    private static void Hashed<TRecord>(PartitionState state, TRecord record, Action<TRecord> add)
        where TRecord : IStateRecord
    {
        add(record);
        state.Hasher.Add(record);
    }

    private static void RestoreHeader(PartitionState state, ref CanonicalReader reader)
    {
        state.Hasher.Remove(state.Header);
        state.Header.Read(ref reader);
        state.Hasher.Add(state.Header);
    }

    private static Client RestoreClient(ref CanonicalReader reader) =>
        new(new ClientId(reader.UInt128())) { Acknowledged = new(reader.UInt64()) };

    private void RestoreFamily(PartitionState state, ref CanonicalReader reader)
    {
        var family = new FunctionFamily(FunctionName.Create(reader.Text())) { LastVersion = reader.UInt32() };
        state.FunctionTable.Add(family);
        var current = reader.UInt64();
        if (current == 0)
        {
            state.Hasher.Add(family);
        }
        else
        {
            familyByCurrent.Add(current, family);
        }
    }

    private void RestoreVersion(PartitionState state, ref CanonicalReader reader)
    {
        var version = FunctionVersion.Read(ref reader, state.FunctionTable);
        state.FunctionTable.Versions.Add(version);
        state.Hasher.Add(version);
        if (familyByCurrent.Remove(version.Position.Value, out var family))
        {
            state.FunctionTable.SetCurrent(family, version);
            state.Hasher.Add(family);
        }
    }

    private void RestoreRequest(PartitionState state, ref CanonicalReader reader)
    {
        var request = Request.Read(ref reader, state);
        state.Requests.Add(request);
        state.Hasher.Add(request);
        if (request.EndedPosition > SequenceNumber.None)
        {
            ended.Add(request);
        }
    }
}
