using System.Diagnostics;
using Grpc.Core;
using Grpc.Health.V1;

namespace ControlPlane.Bench.Load;

/// <summary>The cheapest call that the same server answers: gRPC's health check. What is left is transport and framework.</summary>
internal sealed class NoOpLoad(ChannelBase channel) : ILoad
{
    private static readonly HealthCheckRequest Request = new();
    private readonly Health.HealthClient _health = new(channel);

    public string Name => "no-op";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var start = Stopwatch.GetTimestamp();
        await _health.CheckAsync(Request);
        return Stopwatch.GetElapsedTime(start);
    }
}
