using ControlPlane.Primitives;

namespace ControlPlane.Worker.Gate;

/// <summary>Whom the plane told the gate to let in, and until when on the worker's own monotonic clock.</summary>
internal readonly record struct GateGrant(FencingToken Fence, TenantName Tenant, TimeSpan Ends);
