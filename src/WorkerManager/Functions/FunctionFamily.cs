using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>All versions of one function name: which one is current, and the concurrency that they share.</summary>
public sealed class FunctionFamily : IStateRecord
{
    internal FunctionFamily(FunctionName name) => Name = name;

    /// <summary>Unique.</summary>
    public FunctionName Name { get; }

    /// <summary>Number of the last deployment; never goes back, so a version number names one deployment for ever.</summary>
    public uint LastVersion { get; internal set; }

    /// <summary>What takes new leases; null if deleted.</summary>
    public FunctionVersion? Current { get; internal set; }

    /// <summary>Slots that count, over all versions. Derived.</summary>
    public int InUse { get; internal set; }

    /// <summary>Set aside for it, and its cap; 0 = neither.</summary>
    public uint Reserved => Current?.Definition.ReservedConcurrency ?? 0;

    RecordKind IStateRecord.Kind => RecordKind.Family;

    void IStateRecord.Write(CanonicalWriter writer)
    {
        writer.Text(Name.Value);
        writer.UInt32(LastVersion);
        writer.UInt64(Current?.Position.Value ?? 0);
    }
}
