using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Histories;

/// <summary>
/// One change of a recorded history, by node instead of by path: what a write went to does not depend on whether a later, or an earlier,
/// change of a name survives.
/// </summary>
/// <param name="Index">Its place in the history, from 0.</param>
/// <param name="Kind">What was done.</param>
/// <param name="Says">One line for people.</param>
internal sealed record Change(int Index, DiskOperationKind Kind, string Says)
{
    public const int SectorBytes = 512;

    /// <summary>The file that was made, written or synced; the directory that was made, synced or deleted.</summary>
    public int Node { get; init; }

    /// <summary>The directory whose names change.</summary>
    public int Parent { get; init; }

    public string Name { get; init; } = string.Empty;

    /// <summary>Of a rename.</summary>
    public int NewParent { get; init; }

    public string NewName { get; init; } = string.Empty;

    public long Offset { get; init; }

    public long Length { get; init; }

    public ReadOnlyMemory<byte> Bytes { get; init; }

    public bool IsWrite => Kind is DiskOperationKind.Write or DiskOperationKind.ZeroFill;

    public bool IsSync => Kind is DiskOperationKind.SyncData or DiskOperationKind.SyncDirectory;

    /// <summary>True if it makes, changes or takes away a name.</summary>
    public bool IsOfNames => Kind is DiskOperationKind.Create or DiskOperationKind.CreateDirectory or DiskOperationKind.Rename
        or DiskOperationKind.DeleteFile or DiskOperationKind.DeleteDirectory;

    /// <summary>The names that it makes, changes or takes away.</summary>
    public IEnumerable<(int Directory, string Name)> Names =>
        Kind == DiskOperationKind.Rename ? [(Parent, Name), (NewParent, NewName)] : IsOfNames ? [(Parent, Name)] : [];

    /// <summary>Sectors of the file that a write touches: first, and behind the last.</summary>
    public (long First, long End) Sectors => (Offset / SectorBytes, (Offset + Length + SectorBytes - 1) / SectorBytes);

    public override string ToString() => $"change {Index} ({Says})";
}
