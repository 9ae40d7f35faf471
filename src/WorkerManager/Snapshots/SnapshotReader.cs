#pragma warning disable CA1822 // Signatures first: the bodies of this skeleton follow.
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Restores a core from a snapshot that arrives in parts of any size, without holding it whole.</summary>
public sealed class SnapshotReader(PartitionId partition, CoreOptions options)
{
    private readonly WorkerManagerCore core = new(partition, options);

    /// <summary>The next bytes. The span is not kept.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes are not a snapshot of this partition in a known format.</exception>
    public void Read(ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    /// <summary>The restored core, after the last bytes.</summary>
    /// <exception cref="SnapshotDamagedException">Bytes are missing or left over.</exception>
    /// <exception cref="StateDivergedException">The restored state does not have the hash that the snapshot states.</exception>
    public WorkerManagerCore Complete() => core;
}
