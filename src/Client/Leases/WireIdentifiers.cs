using ControlPlane.Primitives;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>Wire identifiers as the types that have a meaning and a written form (<c>L0-12</c>, <c>S0-9</c>, <c>1.12</c>), and back.</summary>
public static class WireIdentifiers
{
    /// <summary>The same lease.</summary>
    public static LeaseId ToPrimitive(this Wire.LeaseId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new(new PartitionId(id.Partition), new SequenceNumber(id.Position));
    }

    /// <summary>The same sandbox.</summary>
    public static SandboxId ToPrimitive(this Wire.SandboxId id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return new(new PartitionId(id.Partition), new SequenceNumber(id.Position));
    }

    /// <summary>The same token.</summary>
    public static FencingToken ToPrimitive(this Wire.FencingToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return new(new Epoch(token.Epoch), new SequenceNumber(token.Position));
    }

    /// <summary>The same lease.</summary>
    public static Wire.LeaseId ToWire(this LeaseId id) => new() { Partition = id.Partition.Value, Position = id.Position.Value };

    /// <summary>The same token.</summary>
    public static Wire.FencingToken ToWire(this FencingToken token) => new() { Epoch = token.Epoch.Value, Position = token.Position.Value };
}
