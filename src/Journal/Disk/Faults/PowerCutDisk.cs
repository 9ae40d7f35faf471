namespace ControlPlane.Journal.Disk.Faults;

/// <summary>
/// A disk with a volatile cache, on top of <paramref name="inner"/>: reads see every write at once, but until a sync
/// covers it a write may be lost, sector by sector, by <see cref="CutPower"/>. Put it below a
/// <see cref="FaultInjectingDisk"/> to lose syncs as well. Creations and renames are lost if their directory was not
/// synced. Deletions are durable at once. Syncs are not passed on: what is durable is decided here, and tests are quick.
/// Every write costs a read.
/// </summary>
public sealed class PowerCutDisk(IDisk inner) : IDisk
{
    private readonly Lock _gate = new();
    private readonly List<UnsyncedChange> _unsynced = [];

    /// <summary>
    /// Puts on the disk below what a power cut would leave: asks <paramref name="survives"/> for each unsynced
    /// name and each sector of each unsynced write, the newest first. Call it when nothing uses the disk any more.
    /// </summary>
    public void CutPower(Func<bool> survives)
    {
        lock (_gate)
        {
            var kept = new HashSet<(string, long)>();
            for (var i = _unsynced.Count - 1; i >= 0; i--)
            {
                _unsynced[i].Revert(inner, survives, kept);
                if (_unsynced[i] is UnsyncedName { WasAt: { } before } name && !inner.FileExists(name.Path) && !inner.DirectoryExists(name.Path))
                {
                    // The rename was undone: what is older happened under the older name.
                    for (var older = 0; older < i; older++)
                    {
                        _unsynced[older] = _unsynced[older].Moved(name.Path, before);
                    }
                }
            }

            _unsynced.Clear();
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path)
    {
        var file = inner.Create(path);
        Add(new UnsyncedName(path, WasAt: null));
        return new PowerCutFile(this, file);
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable) => new PowerCutFile(this, inner.Open(path, writable));

    /// <inheritdoc/>
    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        lock (_gate)
        {
            _unsynced.RemoveAll(change => change is UnsyncedName && Path.GetDirectoryName(change.Path) == path);
        }
    }

    /// <inheritdoc/>
    public void Rename(string source, string destination)
    {
        inner.Rename(source, destination);
        lock (_gate)
        {
            for (var i = 0; i < _unsynced.Count; i++)
            {
                _unsynced[i] = _unsynced[i].Moved(source, destination);
            }

            _unsynced.Add(new UnsyncedName(destination, WasAt: source));
        }
    }

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        inner.DeleteFile(path);
        lock (_gate)
        {
            _unsynced.RemoveAll(change => change.Path == path);
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => inner.DeleteDirectory(path);

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) => inner.List(path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) => inner.TryLock(path);

    internal void Add(UnsyncedChange change)
    {
        lock (_gate)
        {
            _unsynced.Add(change);
        }
    }

    /// <summary>A file's data is durable from here on.</summary>
    internal void Synced(string path)
    {
        lock (_gate)
        {
            _unsynced.RemoveAll(change => change is UnsyncedWrite && change.Path == path);
        }
    }
}
