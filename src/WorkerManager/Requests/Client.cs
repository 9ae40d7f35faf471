using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>A client process and what it no longer asks about. Forgotten with its last request.</summary>
public sealed class Client : IStateRecord
{
    internal Client(ClientId id) => Id = id;

    /// <summary>The process.</summary>
    public ClientId Id { get; }

    /// <summary>Its ended requests up to this number are forgotten.</summary>
    public ClientSequence Acknowledged { get; internal set; }

    /// <summary>Requests remembered. Derived.</summary>
    internal int RequestCount { get; set; }

    /// <summary>Ended requests by the client's number, lowest first; some may be forgotten already. Derived.</summary>
    internal PriorityQueue<Request, ulong> Ended { get; } = new();

    RecordKind IStateRecord.Kind => RecordKind.Client;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.UInt128(Id.Value);
        writer.UInt64(Acknowledged.Value);
    }
}
