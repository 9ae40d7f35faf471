using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>A journaled allocation request: what a retry with the same id is answered by.</summary>
public sealed class Request : IStateRecord
{
    internal Request(RequestId id, Tenant tenant)
    {
        Id = id;
        Tenant = tenant;
    }

    /// <summary>The caller's name for it.</summary>
    public RequestId Id { get; }

    /// <summary>Who asked.</summary>
    public Tenant Tenant { get; }

    /// <summary>The client process, or null.</summary>
    public Client? Client { get; internal init; }

    /// <summary>The client's number for it.</summary>
    public ClientSequence ClientSequence { get; internal init; }

    /// <summary>Leases asked for.</summary>
    public uint Count { get; internal init; }

    /// <summary>Hash of the other parameters: a retry must have the same.</summary>
    public ulong ParametersHash { get; internal init; }

    /// <summary>The entry that ended its last lease; none while one is held.</summary>
    public SequenceNumber EndedPosition { get; internal set; }

    /// <summary>The stamp of that entry.</summary>
    public JournalTime EndedAt { get; internal set; }

    /// <summary>Leases still held. Derived.</summary>
    public int HeldCount { get; internal set; }

    /// <summary>How far it has got.</summary>
    public RequestState State =>
        HeldCount == 0 ? RequestState.Ended : HeldCount == Count ? RequestState.Held : RequestState.PartlyEnded;

    internal Lease? FirstLease { get; private set; }

    internal Request? EndedBefore { get; set; }

    internal Request? EndedAfter { get; set; }

    private Lease? LastLease { get; set; }

    RecordKind IStateRecord.Kind => RecordKind.Request;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt128(Id.Value);
        writer.UInt64(Tenant.Position.Value);
        writer.UInt128(Client?.Id.Value ?? 0);
        writer.UInt64(ClientSequence.Value);
        writer.UInt32(Count);
        writer.UInt64(ParametersHash);
        writer.UInt64(EndedPosition.Value);
        writer.Int64(EndedAt.Nanoseconds);
    }

    internal static Request Read(ref CanonicalReader reader, PartitionState state)
    {
        var id = new RequestId(reader.UInt128());
        var tenant = state.Tenants.All.Get(reader.UInt64());
        var clientId = new ClientId(reader.UInt128());
        var client = state.Requests.ClientOrNull(clientId);
        if (client is null && clientId.Value != 0)
        {
            throw reader.Damaged("a request of a client that is not there");
        }

        return new Request(id, tenant)
        {
            Client = client,
            ClientSequence = new(reader.UInt64()),
            Count = reader.UInt32(),
            ParametersHash = reader.UInt64(),
            EndedPosition = new(reader.UInt64()),
            EndedAt = new(reader.Int64()),
        };
    }

    /// <summary>Leases in the order of their index.</summary>
    internal IEnumerable<Lease> Leases()
    {
        for (var lease = FirstLease; lease is not null; lease = lease.NextOfRequest)
        {
            yield return lease;
        }
    }

    internal void Add(Lease lease)
    {
        if (LastLease is null)
        {
            FirstLease = lease;
        }
        else
        {
            LastLease.NextOfRequest = lease;
        }

        LastLease = lease;
        HeldCount += lease.IsHeld ? 1 : 0;
    }
}
