using System.Diagnostics;

namespace ControlPlane.Bench.Load;

/// <summary>What the disk itself costs, with nothing around it: the floor below any journal.</summary>
internal sealed class DataSyncLoad(string directory) : ILoad, IDisposable
{
    private readonly DataSync _disk = new(Path.Combine(directory, "data-sync"));

    public string Name => "data sync";

    public Task<TimeSpan> CycleAsync(int client)
    {
        var start = Stopwatch.GetTimestamp();
        _disk.WriteAndSync();
        return Task.FromResult(Stopwatch.GetElapsedTime(start));
    }

    public void Dispose() => _disk.Dispose();
}
