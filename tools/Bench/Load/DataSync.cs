using ControlPlane.Journal.Disk;

namespace ControlPlane.Bench.Load;

/// <summary>A file that is already filled, and a few bytes at a time written into it and synced. One thread at a time.</summary>
internal sealed class DataSync : IDisposable
{
    private const long FileBytes = 4 << 20;
    private readonly IDiskFile _file;
    private readonly byte[] _data;
    private long _offset;

    /// <summary>Makes the file at <paramref name="path"/>.</summary>
    public DataSync(string path, int bytes = 128)
    {
        _data = new byte[bytes];
        _file = new PhysicalDisk().Create(path);
        _file.ZeroFill(0, FileBytes);
        _file.SyncData();
    }

    /// <summary>On return the bytes are durable.</summary>
    public void WriteAndSync() => WriteAndSync(_data);

    /// <summary>On return <paramref name="data"/> is durable.</summary>
    public void WriteAndSync(ReadOnlySpan<byte> data)
    {
        if (_offset + data.Length > FileBytes)
        {
            _offset = 0;
        }

        _file.Write(_offset, data);
        _file.SyncData();
        _offset += data.Length;
    }

    public void Dispose() => _file.Dispose();
}
