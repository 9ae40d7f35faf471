using ControlPlane.Primitives;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Worker;

/// <summary>Between the wire's messages and the types that mean the same.</summary>
internal static class WireConversions
{
    public static SandboxId ToPrimitive(this Wire.SandboxId id) => new(new PartitionId(id.Partition), new SequenceNumber(id.Position));

    public static Wire.SandboxId ToWire(this SandboxId id) => new() { Partition = id.Partition.Value, Position = id.Position.Value };

    public static FencingToken ToPrimitive(this Wire.FencingToken token) => new(new Epoch(token.Epoch), new SequenceNumber(token.Position));

    public static Wire.FencingToken ToWire(this FencingToken token) => new() { Epoch = token.Epoch.Value, Position = token.Position.Value };
}
