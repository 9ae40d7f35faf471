namespace ControlPlane.Journal.Disk.Faults;

/// <summary>One change to a disk that succeeded, with everything that is needed to make it again.</summary>
/// <param name="Kind">
/// <see cref="DiskOperationKind.Create"/>, <see cref="DiskOperationKind.Open"/> (for writing: it says what the handle is of),
/// <see cref="DiskOperationKind.Write"/>, <see cref="DiskOperationKind.ZeroFill"/>, the syncs, and the changes of names.
/// </param>
/// <param name="Path">The file or directory; of a write or a data sync, the name by which the file was opened, which may have changed since.</param>
public sealed record RecordedChange(DiskOperationKind Kind, string Path)
{
    /// <summary>New name, of a rename.</summary>
    public string? Destination { get; init; }

    /// <summary>Number of the open file that was written or synced: the one that its creation or opening was given. From 1.</summary>
    public int Handle { get; init; }

    /// <summary>First byte written.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes.</summary>
    public long Length { get; init; }

    /// <summary>The bytes written; empty for zeros (<see cref="DiskOperationKind.ZeroFill"/>) and all else.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>One line: what, where, how many bytes.</summary>
    public override string ToString() => Kind switch
    {
        DiskOperationKind.Write or DiskOperationKind.ZeroFill => $"{Kind} {Path} at byte {Offset}, {Length} bytes",
        DiskOperationKind.Rename => $"{Kind} {Path} to {Destination}",
        _ => $"{Kind} {Path}",
    };
}
