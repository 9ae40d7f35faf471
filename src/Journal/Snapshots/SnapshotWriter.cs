using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Snapshots;

/// <summary>
/// Streams one snapshot into an unpublished file. Nothing is visible before <see cref="Publish"/>; a writer that is
/// disposed without it leaves no snapshot. One thread at a time; independent of the thread that appends entries.
/// </summary>
public sealed class SnapshotWriter : IDisposable
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly SnapshotHeader _header;
    private readonly string _unfinished;
    private readonly IDiskFile _file;
    private long _payloadBytes;
    private uint _crc = Crc32C.Initial;
    private bool _completed;
    private bool _published;

    internal SnapshotWriter(IDisk disk, string directory, SnapshotHeader header)
    {
        _disk = disk;
        _directory = directory;
        _header = header;
        _unfinished = Path.Combine(directory, header.Applied.Last + SnapshotDirectory.UnfinishedSuffix);
        if (disk.FileExists(_unfinished))
        {
            disk.DeleteFile(_unfinished);
        }

        _file = disk.Create(_unfinished);
    }

    /// <summary>Appends to the payload. Call with large pieces: each is one write.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Invariant.Check(!_completed, "a completed snapshot does not change");
        _file.Write(SnapshotHeader.ByteCount + _payloadBytes, bytes);
        _crc = Crc32C.Append(_crc, bytes);
        _payloadBytes += bytes.Length;
    }

    /// <summary>
    /// Writes the header and syncs, then reopens what is on disk: restore from it and compare the state hash before
    /// <see cref="Publish"/>.
    /// </summary>
    public SnapshotReader Complete()
    {
        Invariant.Check(!_completed, "a snapshot is completed once");
        _file.Write(0, _header.ToBytes(_payloadBytes, Crc32C.Finish(_crc)));
        _file.SyncData();
        _completed = true;
        return SnapshotReader.Open(_disk, _unfinished);
    }

    /// <summary>On return the snapshot is durable under its position.</summary>
    public void Publish()
    {
        Invariant.Check(_completed, "a snapshot is completed, and read back, before it is published");
        _disk.Rename(_unfinished, Path.Combine(_directory, _header.Applied.Last.ToString()));
        _disk.SyncDirectory(_directory);
        _published = true;
    }

    /// <summary>Closes the file; removes it unless it was published.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (!_published && _disk.FileExists(_unfinished))
        {
            _disk.DeleteFile(_unfinished);
        }
    }
}
