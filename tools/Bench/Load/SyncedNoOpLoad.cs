using System.Diagnostics;
using ControlPlane.Bench.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ControlPlane.Bench.Load;

/// <summary>A call on the same server that does nothing but sync (see <see cref="SyncedNoOpService"/>).</summary>
internal sealed class SyncedNoOpLoad(ChannelBase channel) : ILoad
{
    private static readonly Empty Request = new();
    private readonly CallInvoker _calls = channel.CreateCallInvoker();

    public string Name => "no-op that syncs";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var start = Stopwatch.GetTimestamp();
        await _calls.AsyncUnaryCall(SyncedNoOpBase.Method, null, default, Request);
        return Stopwatch.GetElapsedTime(start);
    }
}
