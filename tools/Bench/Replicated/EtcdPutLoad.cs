using System.Diagnostics;
using System.Globalization;
using ControlPlane.Bench.Load;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Bench.Replicated;

/// <summary>A put of one of a thousand keys, through the plain generated client.</summary>
internal sealed class EtcdPutLoad(ChannelBase channel, int payloadBytes) : ILoad
{
    private readonly KV.KVClient _etcd = new(channel);
    private readonly ByteString[] _keys =
        [.. Enumerable.Range(0, 1000).Select(key => ByteString.CopyFromUtf8("bench-" + key.ToString("D4", CultureInfo.InvariantCulture)))];

    private readonly ByteString _value = ByteString.CopyFrom(new byte[payloadBytes]);
    private int _sequence;

    public string Name => "put";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var key = _keys[(uint)Interlocked.Increment(ref _sequence) % (uint)_keys.Length];
        var request = new PutRequest { Key = key, Value = _value };
        var start = Stopwatch.GetTimestamp();
        await _etcd.PutAsync(request);
        return Stopwatch.GetElapsedTime(start);
    }
}
