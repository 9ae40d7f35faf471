using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Snapshots;

/// <summary>
/// Streams one snapshot's payload. The header is verified on opening; the payload is verified when its last byte has
/// been read, so whoever restores from it uses the result only after <see cref="Read"/> returned 0.
/// </summary>
public sealed class SnapshotReader : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private readonly IDiskFile _file;
    private readonly uint _payloadChecksum;
    private long _read;
    private uint _crc = Crc32C.Initial;

    private SnapshotReader(IDiskFile file, SnapshotHeader header, long payloadBytes, uint payloadChecksum)
    {
        _file = file;
        Header = header;
        PayloadBytes = payloadBytes;
        _payloadChecksum = payloadChecksum;
    }

    /// <summary>What the snapshot is of.</summary>
    public SnapshotHeader Header { get; }

    /// <summary>Bytes of the payload.</summary>
    public long PayloadBytes { get; }

    /// <summary>Reads the next bytes; 0 at the end. Throws <see cref="SnapshotDamagedException"/> if the payload is not whole.</summary>
    public int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, PayloadBytes - _read);
        var read = _file.Read(SnapshotHeader.ByteCount + _read, buffer[..wanted]);
        if (read < wanted)
        {
            throw new SnapshotDamagedException(_file.Path, $"the file ends at byte {SnapshotHeader.ByteCount + _read + read}, the payload at {SnapshotHeader.ByteCount + PayloadBytes}");
        }

        _crc = Crc32C.Append(_crc, buffer[..read]);
        _read += read;
        if (_read == PayloadBytes && Crc32C.Finish(_crc) != _payloadChecksum)
        {
            throw new SnapshotDamagedException(_file.Path, $"payload checksum at byte 88 stored {_payloadChecksum:x8}, computed {Crc32C.Finish(_crc):x8}");
        }

        return read;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Opens a file and verifies its header.</summary>
    internal static SnapshotReader Open(IDisk disk, string path)
    {
        var file = disk.Open(path, writable: false);
        try
        {
            var bytes = new byte[SnapshotHeader.ByteCount];
            var length = file.Read(0, bytes);
            return SnapshotHeader.TryRead(bytes.AsSpan(0, length), out var header, out var payloadBytes, out var checksum) is { } error
                ? throw new SnapshotDamagedException(path, error) { IsNewerFormat = SnapshotHeader.IsNewerFormat(bytes.AsSpan(0, length)) }
                : new SnapshotReader(file, header, payloadBytes, checksum);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads and verifies everything, keeping nothing.</summary>
    internal void VerifyAll()
    {
        var piece = new byte[PieceBytes];
        while (Read(piece) > 0)
        {
        }
    }
}

/// <summary>A snapshot's bytes are not what was written.</summary>
public sealed class SnapshotDamagedException(string path, string reason) : IOException($"Snapshot {path} is damaged: {reason}.")
{
    /// <summary>True if it is whole, and a newer program wrote it: whoever takes it for damage would give up what it covers.</summary>
    public bool IsNewerFormat { get; init; }
}

/// <summary>There is no snapshot at the position: it was deleted because newer ones are there, or never taken.</summary>
public sealed class SnapshotNotHeldException(SequenceNumber position) : Exception($"There is no snapshot at {position}.")
{
    /// <summary>What was asked for.</summary>
    public SequenceNumber Position { get; } = position;
}
