namespace ControlPlane.Journal.Disk;

/// <summary>What is asked of a disk. Names appear in messages and in the fault rules of chaos builds.</summary>
public enum DiskOperationKind
{
    /// <summary>Create a file that must not exist.</summary>
    Create,

    /// <summary>Open a file that exists.</summary>
    Open,

    /// <summary>Read bytes.</summary>
    Read,

    /// <summary>Write bytes (pwrite).</summary>
    Write,

    /// <summary>Write zeros ahead of use, so that later syncs need not change the file's metadata.</summary>
    ZeroFill,

    /// <summary>Make a file's written data durable (fdatasync).</summary>
    SyncData,

    /// <summary>Make a directory's entries durable (fsync of the directory).</summary>
    SyncDirectory,

    /// <summary>Create a directory.</summary>
    CreateDirectory,

    /// <summary>Rename a file or a directory.</summary>
    Rename,

    /// <summary>Delete a file.</summary>
    DeleteFile,

    /// <summary>Delete an empty directory.</summary>
    DeleteDirectory,

    /// <summary>List a directory.</summary>
    List,

    /// <summary>Take the lock of a directory.</summary>
    Lock,
}

/// <summary>One operation on a disk: what, where, and how many bytes.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Path">The file or directory.</param>
/// <param name="Offset">First byte concerned; zero for operations on names.</param>
/// <param name="Length">Bytes concerned; zero for operations on names.</param>
public readonly record struct DiskOperation(DiskOperationKind Kind, string Path, long Offset = 0, long Length = 0);
