using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>A function version as operators see it.</summary>
/// <param name="Definition">What was deployed.</param>
/// <param name="Version">From 1.</param>
/// <param name="Position">Of the deployment.</param>
/// <param name="IsCurrent">True if it takes new leases: the newest, and not deleted.</param>
/// <param name="Starting">Sandboxes that boot.</param>
/// <param name="Free">Sandboxes that could be leased.</param>
/// <param name="Leases">Leases held.</param>
/// <param name="Waiting">Requests that wait for a sandbox.</param>
public sealed record FunctionView(
    FunctionDefinition Definition,
    uint Version,
    SequenceNumber Position,
    bool IsCurrent,
    int Starting,
    int Free,
    int Leases,
    int Waiting);
