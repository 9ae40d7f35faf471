using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Google.Protobuf;

namespace ControlPlane.Client;

/// <summary>
/// Numbers this client's requests and knows up to which one all are settled, so that the plane may forget those. A request
/// whose outcome is unknown stays open, and a retry of it with the same id carries the same number.
/// </summary>
/// <remarks>
/// At most <see cref="UnresolvedMax"/> unknown ones are kept open; beyond that the oldest is given up: the plane may forget it,
/// and its leases, if any, end by their time to live.
/// </remarks>
internal sealed class RequestLedger(ClientId client)
{
    public const int UnresolvedMax = 1_024;

    private readonly Lock _lock = new();
    private readonly ByteString _client = ByteString.CopyFrom(client.ToByteArray());
    private readonly SortedSet<ulong> _open = [];
    private readonly Dictionary<RequestId, ulong> _unresolved = [];
    private ulong _last;

    /// <summary>Every request up to this one is settled.</summary>
    public ulong Acknowledged
    {
        get
        {
            lock (_lock)
            {
                return _open.Count == 0 ? _last : _open.Min - 1;
            }
        }
    }

    /// <summary>Puts the id and, unless the caller chose the id, client and number into a request that is about to be sent.</summary>
    public RequestId Open(AllocateRequest request, RequestId? chosen)
    {
        var id = chosen ?? NewIdentifier.Request();
        request.RequestId = ByteString.CopyFrom(id.ToByteArray());
        lock (_lock)
        {
            if (_unresolved.Remove(id, out var sequence))
            {
                // Still open: the same request again.
            }
            else if (chosen is null)
            {
                sequence = ++_last;
                _open.Add(sequence);
            }

            if (sequence > 0)
            {
                request.ClientId = _client;
                request.ClientSequence = sequence;
                request.ClientAcknowledged = _open.Min - 1;
            }
        }

        return id;
    }

    /// <summary>The request is answered, or surely was not applied: this client will not ask about it again.</summary>
    public void Settle(RequestId id, ulong sequence)
    {
        lock (_lock)
        {
            _unresolved.Remove(id);
            _open.Remove(sequence);
        }
    }

    /// <summary>The answer is lost: the caller may ask again with the same id.</summary>
    public void KeepOpen(RequestId id, ulong sequence)
    {
        if (sequence == 0)
        {
            return;
        }

        lock (_lock)
        {
            if (_unresolved.Count == UnresolvedMax)
            {
                var (oldest, number) = _unresolved.MinBy(entry => entry.Value);
                _unresolved.Remove(oldest);
                _open.Remove(number);
            }

            _unresolved[id] = sequence;
        }
    }

    /// <summary>A cancellation or look-up told what became of an unknown request.</summary>
    public void Resolve(RequestId id)
    {
        lock (_lock)
        {
            if (_unresolved.Remove(id, out var sequence))
            {
                _open.Remove(sequence);
            }
        }
    }
}
