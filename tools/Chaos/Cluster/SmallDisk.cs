using System.Globalization;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Processes;

namespace ControlPlane.Chaos.Cluster;

/// <summary>A file system in memory that can be filled up, for a real ENOSPC. Its mount ends with the run, or by the run's guard.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int PageBytes = 4_096;

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallDisk> MountAsync(string path, int mebibytes, CancellationToken cancellation)
    {
        Directory.CreateDirectory(path);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");
        var (code, _, error) = await ChildProcess.RunAsync(["mount", "-t", "tmpfs", "-o", size, "controlplane-chaos", path], cancellation);
        return code == 0 ? new SmallDisk(path) : throw new ChaosException(ExitCode.Skipped, $"a file system of its own cannot be mounted at {path}: {error.Trim()}");
    }

    /// <summary>Leaves no byte free; how many it took.</summary>
    public long Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[PageBytes];
        try
        {
            while (true)
            {
                ballast.Write(page);
            }
        }
        catch (IOException)
        {
            return ballast.Position;
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync() => await ChildProcess.RunAsync(["umount", "--lazy", Path], CancellationToken.None);
}
