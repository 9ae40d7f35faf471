using ControlPlane.Journal.Disk;

namespace ControlPlane.Bench.Load;

/// <summary>A file that is already filled, and 128 bytes at a time written into it and synced. One thread at a time.</summary>
internal sealed class DataSync : IDisposable
{
    private const int Bytes = 128;
    private const long FileBytes = 4 << 20;
    private readonly IDiskFile _file;
    private readonly byte[] _data = new byte[Bytes];
    private long _offset;

    /// <summary>Makes the file at <paramref name="path"/>.</summary>
    public DataSync(string path)
    {
        _file = new PhysicalDisk().Create(path);
        _file.ZeroFill(0, FileBytes);
        _file.SyncData();
    }

    /// <summary>On return the bytes are durable.</summary>
    public void WriteAndSync()
    {
        _file.Write(_offset, _data);
        _file.SyncData();
        _offset = (_offset + Bytes) % FileBytes;
    }

    public void Dispose() => _file.Dispose();
}
