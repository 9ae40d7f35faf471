using System.Diagnostics;
using ControlPlane.Bench.Load;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Bench.Replicated;

/// <summary>The same appends through the client library's appender: all clients share one stream.</summary>
internal sealed class StreamedAppendLoad(ControlPlaneClient client, string journal, int payloadBytes) : ILoad, IAsyncDisposable
{
    private readonly JournalAppender _appender = client.Journal(journal).OpenAppender();
    private readonly ReadOnlyMemory<byte>[] _entries = [new byte[payloadBytes]];

    public string Name => "append, streamed";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var start = Stopwatch.GetTimestamp();
        var response = await _appender.AppendAsync(_entries);
        var elapsed = Stopwatch.GetElapsedTime(start);
        return response.ResultCase == AppendResponse.ResultOneofCase.Ok
            ? elapsed
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, response.ResultCase.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        await _appender.DisposeAsync();
        client.Dispose();
    }
}
