using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Worker.Storage;

/// <summary>A sandbox as an earlier agent left it.</summary>
internal sealed record SavedSandbox(SandboxId Id, FunctionSpec Function, SequenceNumber Highest, SandboxDirectory Directory);
