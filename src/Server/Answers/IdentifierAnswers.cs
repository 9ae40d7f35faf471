using ControlPlane.Primitives;

namespace ControlPlane.Server.Answers;

/// <summary>Identifiers as callers see them.</summary>
internal static class IdentifierAnswers
{
    /// <summary>A lease's id.</summary>
    public static Protocol.V1.LeaseId ToWire(this LeaseId id) => new() { Partition = id.Partition.Value, Position = id.Position.Value };

    /// <summary>A sandbox's id.</summary>
    public static Protocol.V1.SandboxId ToWire(this SandboxId id) => new() { Partition = id.Partition.Value, Position = id.Position.Value };

    /// <summary>A fencing token.</summary>
    public static Protocol.V1.FencingToken ToWire(this FencingToken token) => new() { Epoch = token.Epoch.Value, Position = token.Position.Value };
}
