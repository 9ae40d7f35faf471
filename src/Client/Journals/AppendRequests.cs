using ControlPlane.Protocol.V1;
using Google.Protobuf;

namespace ControlPlane.Client;

/// <summary>Makes the wire's appends; one object for each append, sent again as it is.</summary>
internal static class AppendRequests
{
    public static AppendRequest New(
        string journal, ByteString client, ulong sequence, IEnumerable<ReadOnlyMemory<byte>> entries, AppendOptions? conditions)
    {
        var request = new AppendRequest
        {
            Journal = journal,
            ClientId = client,
            ClientSequence = sequence,
            Entries = { entries.Select(entry => ByteString.CopyFrom(entry.Span)) },
        };
        if (conditions?.ExpectedTail is { } tail)
        {
            request.ExpectedTail = tail;
        }

        if (conditions?.FencingToken is { } token)
        {
            request.FencingToken = token;
        }

        return request;
    }
}
