using System.Diagnostics;
using ControlPlane.Journal.Disk;

namespace ControlPlane.Bench.Load;

/// <summary>What the disk itself costs: 128 bytes into a file that is already filled, and a data sync. The floor below any journal.</summary>
internal sealed class DataSyncLoad : ILoad, IDisposable
{
    private const int Bytes = 128;
    private const long FileBytes = 4 << 20;
    private readonly IDiskFile _file;
    private readonly byte[] _data = new byte[Bytes];
    private long _offset;

    public DataSyncLoad(string directory)
    {
        _file = new PhysicalDisk().Create(Path.Combine(directory, "data-sync"));
        _file.ZeroFill(0, FileBytes);
        _file.SyncData();
    }

    public string Name => "data sync";

    public Task<TimeSpan> CycleAsync(int client)
    {
        var start = Stopwatch.GetTimestamp();
        _file.Write(_offset, _data);
        _file.SyncData();
        _offset = (_offset + Bytes) % FileBytes;
        return Task.FromResult(Stopwatch.GetElapsedTime(start));
    }

    public void Dispose() => _file.Dispose();
}
