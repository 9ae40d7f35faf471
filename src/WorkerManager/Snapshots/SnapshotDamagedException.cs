namespace ControlPlane.WorkerManager;

/// <summary>Bytes that are not a whole snapshot of this partition in a format that this program knows. Nothing was restored.</summary>
public sealed class SnapshotDamagedException(long offset, string problem)
    : Exception($"The snapshot is unusable at byte {offset}: {problem}.")
{
    /// <summary>Where reading stopped.</summary>
    public long Offset { get; } = offset;
}
