using ControlPlane.Server.Configuration;
using Google.Protobuf.Reflection;
using Grpc.Health.V1;
using Grpc.HealthCheck;

namespace ControlPlane.Server.Hosting;

/// <summary>
/// What <c>grpc.health.v1</c> says of the node. It changes at the moment of the transition, not when somebody polls; its
/// <c>Check</c> reads one table and is the no-op call that benchmarks measure beside an allocation.
/// </summary>
internal sealed class ServingStatus
{
    private readonly string[] _serviceNames;

    /// <summary>Begins as not serving: the journals are not open yet.</summary>
    public ServingStatus(NodeOptions options)
    {
        ServiceDescriptor[] always = [Protocol.V1.Operator.Descriptor, Protocol.V1.Journal.Descriptor];
        ServiceDescriptor[] ofWorkerManager = [Protocol.V1.Allocator.Descriptor, Protocol.V1.WorkerSessions.Descriptor, Protocol.V1.Inspect.Descriptor];
        _serviceNames = ["", .. always.Concat(options.WorkerManager ? ofWorkerManager : []).Select(service => service.FullName)];
        Set(HealthCheckResponse.Types.ServingStatus.NotServing);
    }

    /// <summary>The service.</summary>
    public HealthServiceImpl Service { get; } = new();

    /// <summary>The journals are open; calls are answered.</summary>
    public void Serving() => Set(HealthCheckResponse.Types.ServingStatus.Serving);

    /// <summary>The node stops, or has failed.</summary>
    public void NotServing() => Set(HealthCheckResponse.Types.ServingStatus.NotServing);

    private void Set(HealthCheckResponse.Types.ServingStatus status)
    {
        foreach (var name in _serviceNames)
        {
            Service.SetStatus(name, status);
        }
    }
}
