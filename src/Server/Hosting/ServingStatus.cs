using Grpc.Health.V1;
using Grpc.HealthCheck;

namespace ControlPlane.Server.Hosting;

/// <summary>
/// What <c>grpc.health.v1</c> says of the node. It changes at the moment of the transition, not when somebody polls; its
/// <c>Check</c> reads one table and is the no-op call that benchmarks measure beside an allocation.
/// </summary>
internal sealed class ServingStatus
{
    private static readonly string[] ServiceNames =
    [
        "",
        Protocol.V1.Allocator.Descriptor.FullName,
        Protocol.V1.WorkerSessions.Descriptor.FullName,
        Protocol.V1.Operator.Descriptor.FullName,
        Protocol.V1.Inspect.Descriptor.FullName,
        Protocol.V1.Journal.Descriptor.FullName,
    ];

    /// <summary>Begins as not serving: the journals are not open yet.</summary>
    public ServingStatus() => Set(HealthCheckResponse.Types.ServingStatus.NotServing);

    /// <summary>The service.</summary>
    public HealthServiceImpl Service { get; } = new();

    /// <summary>The journals are open; calls are answered.</summary>
    public void Serving() => Set(HealthCheckResponse.Types.ServingStatus.Serving);

    /// <summary>The node stops, or has failed.</summary>
    public void NotServing() => Set(HealthCheckResponse.Types.ServingStatus.NotServing);

    private void Set(HealthCheckResponse.Types.ServingStatus status)
    {
        foreach (var name in ServiceNames)
        {
            Service.SetStatus(name, status);
        }
    }
}
