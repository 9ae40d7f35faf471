using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Images;

/// <summary>
/// An <see cref="IDisk"/> in memory, on a <see cref="DiskImage"/> that it changes. Behaves as <see cref="PhysicalDisk"/> does, failures
/// included; syncs do nothing (what survives is decided elsewhere) and a lock is always free.
/// </summary>
internal sealed class ImageDisk(DiskImage image) : IDisk
{
    public DiskImage Image => image;

    public IDiskFile Create(string path)
    {
        var node = image.NewNode();
        return Add(path, node, isDirectory: false)
            ? new ImageFile(image, path, node)
            : throw Failed(DiskOperationKind.Create, path, "File exists, or its directory does not");
    }

    public IDiskFile Open(string path, bool writable) =>
        image.Find(path) is { } node && !image.IsDirectory(node)
            ? new ImageFile(image, path, node)
            : throw Failed(DiskOperationKind.Open, path, "No such file");

    public void CreateDirectory(string path)
    {
        if (!DirectoryExists(path) && !Add(path, image.NewNode(), isDirectory: true))
        {
            throw Failed(DiskOperationKind.CreateDirectory, path, "No such directory");
        }
    }

    public void SyncDirectory(string path)
    {
        if (!DirectoryExists(path))
        {
            throw Failed(DiskOperationKind.SyncDirectory, path, "No such directory");
        }
    }

    public void Rename(string source, string destination)
    {
        var (parent, name) = DiskImage.Split(source);
        var (newParent, newName) = DiskImage.Split(destination);
        if (image.Find(parent) is not { } from || image.Find(newParent) is not { } to || DirectoryExists(destination)
            || !image.TryRename(from, name, to, newName))
        {
            throw Failed(DiskOperationKind.Rename, source, $"Cannot become {destination}");
        }
    }

    public void DeleteFile(string path)
    {
        if (FileExists(path))
        {
            Remove(path, DiskOperationKind.DeleteFile);
        }
    }

    public void DeleteDirectory(string path)
    {
        if (List(path).Count > 0)
        {
            throw Failed(DiskOperationKind.DeleteDirectory, path, "Directory not empty");
        }

        Remove(path, DiskOperationKind.DeleteDirectory);
    }

    public bool FileExists(string path) => image.Find(path) is { } node && !image.IsDirectory(node);

    public bool DirectoryExists(string path) => image.Find(path) is { } node && image.IsDirectory(node);

    public IReadOnlyList<string> List(string path) =>
        image.Find(path) is { } node && image.IsDirectory(node)
            ? [.. image.Names(node)]
            : throw Failed(DiskOperationKind.List, path, "No such directory");

    public IDisposable? TryLock(string path) => new FreeLock();

    private static StorageFaultException Failed(DiskOperationKind kind, string path, string reason) =>
        new(new DiskOperation(kind, path), reason);

    private bool Add(string path, int node, bool isDirectory)
    {
        var (parent, name) = DiskImage.Split(path);
        return image.Find(parent) is { } directory && image.TryAdd(directory, name, node, isDirectory);
    }

    private void Remove(string path, DiskOperationKind kind)
    {
        var (parent, name) = DiskImage.Split(path);
        if (image.Find(parent) is not { } directory || !image.TryRemove(directory, name))
        {
            throw Failed(kind, path, "Not there");
        }
    }

    private sealed class FreeLock : IDisposable
    {
        public void Dispose()
        {
        }
    }

    private sealed class ImageFile(DiskImage image, string path, int node) : IDiskFile
    {
        public string Path => path;

        public long Length => image.ContentOf(node).Length;

        public int Read(long offset, Span<byte> buffer) => image.ContentOf(node).Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => image.SetContent(node, image.ContentOf(node).With(offset, bytes));

        public void ZeroFill(long offset, long length) => image.SetContent(node, image.ContentOf(node).WithZeros(offset, length));

        public void SyncData()
        {
        }

        public void Dispose()
        {
        }
    }
}
