using System.Diagnostics;
using ControlPlane.Bench.Load;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Bench.Replicated;

/// <summary>An append of one entry, with client id and number as the client library sends them, through the plain generated client.</summary>
internal sealed class AppendLoad(ChannelBase channel, string journal, int payloadBytes) : ILoad
{
    private readonly Protocol.V1.Journal.JournalClient _journal = new(channel);
    private readonly ByteString _client = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
    private readonly ByteString _payload = ByteString.CopyFrom(new byte[payloadBytes]);
    private long _sequence;

    public string Name => "append";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var request = new AppendRequest
        {
            Journal = journal,
            ClientId = _client,
            ClientSequence = (ulong)Interlocked.Increment(ref _sequence),
            Entries = { _payload },
        };
        var start = Stopwatch.GetTimestamp();
        var response = await _journal.AppendAsync(request);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return response.ResultCase == AppendResponse.ResultOneofCase.Ok
            ? elapsed
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, response.ResultCase.ToString()));
    }
}
