using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>Names a shard of the worker manager's state; each has a journal of its own.</summary>
public readonly record struct PartitionId(uint Value)
{
    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
