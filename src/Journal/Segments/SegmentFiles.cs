using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// The device files of the segment that is being written. Guarantee: a byte is written only where zeros have been
/// written <em>and synced</em> before, so that a flush changes no metadata (a data sync is then one disk write), and so
/// that a file that is shorter than its entries is damage and never the trace of a crash.
/// </summary>
internal sealed class SegmentFiles : IDisposable
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly SegmentOptions _options;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<int, IDiskFile> _open = [];
    private readonly SortedSet<int> _dirty = [];
    private long _allocatedUntil;
    private Task? _ahead;

    private SegmentFiles(IDisk disk, string directory, SegmentOptions options)
    {
        _disk = disk;
        _directory = directory;
        _options = options;
        _open.Add(0, disk.Open(FilePath(0), writable: true));
        _allocatedUntil = options.BeginsWithBytes;
    }

    /// <summary>
    /// Creates the directory with its first file, durably and all or nothing: a segment directory without its first
    /// file is therefore always damage.
    /// </summary>
    public static SegmentFiles Create(IDisk disk, string parent, SegmentName name, SegmentOptions options)
    {
        var directory = System.IO.Path.Combine(parent, name.ToString());
        var unfinished = directory + UnfinishedSuffix;
        Invariant.Check(!disk.DirectoryExists(directory), "a segment is created once");
        disk.CreateDirectory(unfinished);
        using (var first = disk.Create(System.IO.Path.Combine(unfinished, SegmentLayout.FileName(0))))
        {
            first.ZeroFill(0, options.BeginsWithBytes);
            first.SyncData();
        }

        disk.SyncDirectory(unfinished);
        disk.Rename(unfinished, directory);
        disk.SyncDirectory(parent);
        return new SegmentFiles(disk, directory, options);
    }

    /// <summary>End of the name of a directory whose creation did not finish: to be removed.</summary>
    public const string UnfinishedSuffix = ".unfinished";

    public string FilePath(int index) => System.IO.Path.Combine(_directory, SegmentLayout.FileName(index));

    /// <summary>Writes at <paramref name="offset"/> of file <paramref name="index"/>; durable after <see cref="SyncWritten"/>.</summary>
    public void Write(int index, long offset, ReadOnlySpan<byte> bytes)
    {
        var until = (index * _options.DeviceFileBytes) + offset + bytes.Length;
        EnsureAllocated(until);
        _dirty.Add(index);
        FileOf(index).Write(offset, bytes);
        if (_options.PreallocateInBackground && _ahead is null
            && _allocatedUntil - until < _options.PreallocationStepBytes / 2)
        {
            _ahead = Task.Run(AllocateStep);
        }
    }

    /// <summary>Data sync of every file that was written since the last one; files that are full are then closed.</summary>
    public void SyncWritten()
    {
        foreach (var index in _dirty)
        {
            FileOf(index).SyncData();
        }

        if (_dirty.Count > 1)
        {
            CloseBefore(_dirty.Max);
        }

        _dirty.Clear();
    }

    public void Dispose()
    {
        // Only its end is awaited: a preallocation that failed was not needed by anyone, so there is nothing to tell.
        ((IAsyncResult?)_ahead)?.AsyncWaitHandle.WaitOne();
        CloseBefore(int.MaxValue);
    }

    private void EnsureAllocated(long until)
    {
        if (_ahead is { } ahead && (ahead.IsCompleted || _allocatedUntil < until))
        {
            _ahead = null;
#pragma warning disable VSTHRD002 // The task is this class's own, runs on the pool, and never needs this thread.
            ahead.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
        }

        while (_allocatedUntil < until)
        {
            AllocateStep();
        }
    }

    private void AllocateStep()
    {
        var index = (int)(_allocatedUntil / _options.DeviceFileBytes);
        var offset = _allocatedUntil % _options.DeviceFileBytes;

        // The first step began short; what it lacks is filled first, so that steps fill a file exactly.
        var length = _options.PreallocationStepBytes - (_allocatedUntil % _options.PreallocationStepBytes);
        var file = offset == 0 ? AddFile(index) : FileOf(index);
        file.ZeroFill(offset, length);
        file.SyncData();
        if (offset == 0)
        {
            _disk.SyncDirectory(_directory);
        }

        Volatile.Write(ref _allocatedUntil, _allocatedUntil + length);
    }

    private IDiskFile AddFile(int index)
    {
        var file = _disk.Create(FilePath(index));
        lock (_gate)
        {
            _open.Add(index, file);
        }

        return file;
    }

    private IDiskFile FileOf(int index)
    {
        lock (_gate)
        {
            return _open[index];
        }
    }

    private void CloseBefore(int index)
    {
        lock (_gate)
        {
            foreach (var full in _open.Keys.Where(key => key < index).ToArray())
            {
                _open[full].Dispose();
                _open.Remove(full);
            }
        }
    }
}
