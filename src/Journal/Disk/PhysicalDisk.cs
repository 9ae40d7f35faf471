namespace ControlPlane.Journal.Disk;

/// <summary>The operating system's files.</summary>
public sealed class PhysicalDisk : IDisk
{
    /// <inheritdoc/>
    public IDiskFile Create(string path) => Attempt(
        new DiskOperation(DiskOperationKind.Create, path), () => PhysicalFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite));

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable) => Attempt(
        new DiskOperation(DiskOperationKind.Open, path),
        () => PhysicalFile.Open(path, FileMode.Open, writable ? FileAccess.ReadWrite : FileAccess.Read));

    /// <inheritdoc/>
    public void CreateDirectory(string path) =>
        Attempt(new DiskOperation(DiskOperationKind.CreateDirectory, path), () => Directory.CreateDirectory(path));

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        if (PosixCalls.SyncDirectory(path) is { } error)
        {
            throw new StorageFaultException(new DiskOperation(DiskOperationKind.SyncDirectory, path), error);
        }
    }

    /// <inheritdoc/>
    public void Rename(string source, string destination) => Attempt(
        new DiskOperation(DiskOperationKind.Rename, source),
        () =>
        {
            if (Directory.Exists(source))
            {
                Directory.Move(source, destination);
            }
            else
            {
                File.Move(source, destination, overwrite: true);
            }

            return true;
        });

    /// <inheritdoc/>
    public void DeleteFile(string path) => Attempt(
        new DiskOperation(DiskOperationKind.DeleteFile, path),
        () =>
        {
            File.Delete(path);
            return true;
        });

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Attempt(
        new DiskOperation(DiskOperationKind.DeleteDirectory, path),
        () =>
        {
            Directory.Delete(path, recursive: false);
            return true;
        });

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) => Attempt(
        new DiskOperation(DiskOperationKind.List, path),
        () => Directory.EnumerateFileSystemEntries(path)
            .Select(entry => Path.GetFileName(entry))
            .Order(StringComparer.Ordinal)
            .ToArray());

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        // FileShare.None takes flock(LOCK_EX | LOCK_NB), which the kernel drops with the process.
        const int WouldBlock = 11;
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageFaultException(new DiskOperation(DiskOperationKind.Lock, path), error.Message, error);
        }
    }

    private static T Attempt<T>(DiskOperation operation, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageFaultException(operation, error.Message, error);
        }
    }
}
