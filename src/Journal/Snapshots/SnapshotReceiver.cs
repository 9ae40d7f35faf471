using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Snapshots;

/// <summary>
/// Takes a snapshot's file from another replica, part by part, into an unpublished file. Nothing is visible before
/// <see cref="Publish"/>, which verifies every byte; a receiver that is disposed without it leaves nothing.
/// One thread at a time; independent of the thread that appends entries, and of a snapshot being written here.
/// </summary>
public sealed class SnapshotReceiver : IDisposable
{
    // Not the name that a SnapshotWriter of the same position uses.
    private const string ReceivedSuffix = ".received" + SnapshotDirectory.UnfinishedSuffix;

    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly JournalId _journal;
    private readonly string _unfinished;
    private readonly IDiskFile _file;
    private bool _published;

    internal SnapshotReceiver(IDisk disk, string directory, JournalId journal, SequenceNumber position, ulong fileBytes)
    {
        _disk = disk;
        _directory = directory;
        _journal = journal;
        Position = position;
        FileBytes = fileBytes;
        _unfinished = Path.Combine(directory, position + ReceivedSuffix);
        if (disk.FileExists(_unfinished))
        {
            disk.DeleteFile(_unfinished);
        }

        _file = disk.Create(_unfinished);
    }

    /// <summary>The last position that the snapshot covers.</summary>
    public SequenceNumber Position { get; }

    /// <summary>Length of the whole file.</summary>
    public ulong FileBytes { get; }

    /// <summary>Bytes received so far: the offset of the next part.</summary>
    public ulong Received { get; private set; }

    /// <summary>True once every byte is here.</summary>
    public bool IsComplete => Received == FileBytes;

    /// <summary>Takes the next part. False, without effect, if it is not the next one or would go beyond the file's length.</summary>
    public bool Take(ulong offset, ReadOnlySpan<byte> part)
    {
        Invariant.Check(!_published, "a published snapshot does not change");
        if (offset != Received || (ulong)part.Length > FileBytes - Received)
        {
            return false;
        }

        _file.Write((long)offset, part);
        Received += (ulong)part.Length;
        return true;
    }

    /// <summary>
    /// Verifies what is on disk, every checksum, and that it is of this journal and position. On return the snapshot is durable under its
    /// position, and a start would use it: see <c>ReplicaStore.StartAt</c>.
    /// </summary>
    /// <exception cref="SnapshotDamagedException">It is not whole; nothing was published. Receive it again.</exception>
    public SnapshotHeader Publish()
    {
        Invariant.Check(IsComplete && !_published, "a snapshot is published once, when all of it is here");
        _file.SyncData();
        var header = Verify();
        _disk.Rename(_unfinished, Path.Combine(_directory, Position.ToString()));
        _disk.SyncDirectory(_directory);
        _published = true;
        return header;
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

    private SnapshotHeader Verify()
    {
        using var reader = SnapshotReader.Open(_disk, _unfinished);
        var expectedBytes = (ulong)(SnapshotHeader.ByteCount + reader.PayloadBytes);
        var error = reader.Header.Journal != _journal ? $"it is of journal {reader.Header.Journal}"
            : reader.Header.Applied.Last != Position ? $"it is of position {reader.Header.Applied.Last}"
            : expectedBytes != FileBytes ? $"it has {FileBytes} bytes, by its header {expectedBytes}"
            : null;
        if (error is not null)
        {
            throw new SnapshotDamagedException(_unfinished, error);
        }

        reader.VerifyAll();
        return reader.Header;
    }
}
