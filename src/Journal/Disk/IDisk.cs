namespace ControlPlane.Journal.Disk;

/// <summary>
/// The seam below all storage code: nothing in this project touches a file except through it. Every method either does
/// what it says or throws <see cref="StorageFaultException"/>. Nothing is durable before the matching sync returned.
/// Implementations: <see cref="PhysicalDisk"/>, and in <c>Disk/Faults</c> the disks that fail on purpose.
/// </summary>
public interface IDisk
{
    /// <summary>Creates a file that must not exist and opens it for reading and writing.</summary>
    IDiskFile Create(string path);

    /// <summary>Opens a file that must exist. Other processes may have it open too.</summary>
    IDiskFile Open(string path, bool writable);

    /// <summary>Creates one directory; its parent must exist. No effect if it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Makes creations, renames and deletions directly inside <paramref name="path"/> durable.</summary>
    void SyncDirectory(string path);

    /// <summary>Renames a file or a directory; a file at <paramref name="destination"/> is replaced.</summary>
    void Rename(string source, string destination);

    /// <summary>Deletes a file.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes an empty directory.</summary>
    void DeleteDirectory(string path);

    /// <summary>True if there is a file at <paramref name="path"/>.</summary>
    bool FileExists(string path);

    /// <summary>True if there is a directory at <paramref name="path"/>.</summary>
    bool DirectoryExists(string path);

    /// <summary>Names (not paths) of the files and directories inside <paramref name="path"/>, in ordinal order.</summary>
    IReadOnlyList<string> List(string path);

    /// <summary>
    /// Takes the exclusive lock at <paramref name="path"/> until disposed; the lock ends with the process, however it
    /// ends. Null if another holder has it. Readers that take no lock are not hindered.
    /// </summary>
    IDisposable? TryLock(string path);
}
