using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>Names one installation, so that a disk that is moved between two is noticed.</summary>
public readonly record struct ClusterId(UInt128 Value)
{
    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);
}
