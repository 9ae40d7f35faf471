using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Hash of a whole state: the wrapping sum of the 128-bit hashes of its records. Equal states have equal hashes whatever
/// path led to them, and a change costs only the hashes of the records that changed.
/// </summary>
public readonly record struct StateHash(UInt128 Value)
{
    /// <summary>Of the state without records.</summary>
    public static StateHash Empty => default;

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);
}
