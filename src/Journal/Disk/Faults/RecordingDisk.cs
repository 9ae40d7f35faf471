namespace ControlPlane.Journal.Disk.Faults;

/// <summary>
/// Keeps every change that <paramref name="inner"/> made, with its bytes, in the order in which they completed: enough to build what a crash
/// at any point, of any kind, would have left. What failed, or was swallowed by a disk above, is not in it; a sync is there once it returned.
/// Any thread; changes are serialized.
/// </summary>
public sealed class RecordingDisk(IDisk inner) : IDisk
{
    private readonly Lock _gate = new();
    private readonly List<RecordedChange> _changes = [];
    private int _handles;

    /// <summary>How many changes there are so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _changes.Count;
            }
        }
    }

    /// <summary>The changes so far. A copy.</summary>
    public IReadOnlyList<RecordedChange> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path) => Opened(DiskOperationKind.Create, path, () => inner.Create(path));

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable) =>
        writable ? Opened(DiskOperationKind.Open, path, () => inner.Open(path, writable)) : inner.Open(path, writable);

    /// <inheritdoc/>
    public void CreateDirectory(string path) =>
        Run(() => inner.CreateDirectory(path), new RecordedChange(DiskOperationKind.CreateDirectory, path));

    /// <inheritdoc/>
    public void SyncDirectory(string path) =>
        Run(() => inner.SyncDirectory(path), new RecordedChange(DiskOperationKind.SyncDirectory, path));

    /// <inheritdoc/>
    public void Rename(string source, string destination) =>
        Run(() => inner.Rename(source, destination), new RecordedChange(DiskOperationKind.Rename, source) { Destination = destination });

    /// <inheritdoc/>
    public void DeleteFile(string path) =>
        Run(() => inner.DeleteFile(path), new RecordedChange(DiskOperationKind.DeleteFile, path));

    /// <inheritdoc/>
    public void DeleteDirectory(string path) =>
        Run(() => inner.DeleteDirectory(path), new RecordedChange(DiskOperationKind.DeleteDirectory, path));

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) => inner.List(path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => inner.TryLock(path);

    /// <summary>Runs a change and records it if it succeeds.</summary>
    internal void Run(Action action, RecordedChange change)
    {
        lock (_gate)
        {
            action();
            _changes.Add(change);
        }
    }

    private RecordingFile Opened(DiskOperationKind kind, string path, Func<IDiskFile> open)
    {
        lock (_gate)
        {
            var file = open();
            _changes.Add(new RecordedChange(kind, path) { Handle = ++_handles });
            return new RecordingFile(this, file, _handles);
        }
    }
}
