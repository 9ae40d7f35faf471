using ControlPlane.Worker.Processes;
using ControlPlane.Worker.RuntimeApi;
using ControlPlane.Worker.Session;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>What all sandboxes of a worker share.</summary>
internal sealed record SandboxSurroundings(
    WorkerAgentOptions Options,
    RuntimeApiServer RuntimeApi,
    Poller Poller,
    Reports Reports,
    WorkerMetrics Metrics,
    TimeProvider Time,
    ILogger Logger);
