using System.Globalization;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>A file system in memory that can be filled up; needs the right to mount, and skips the test visibly without it.</summary>
internal sealed class SmallFileSystem : IAsyncDisposable
{
    private SmallFileSystem(string path) => Path = path;

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static async Task<SmallFileSystem> MountAsync(string path, int mebibytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a small file system is mounted on Linux only");
        Directory.CreateDirectory(path);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");
        await using var mount = CapturedProcess.Start(["mount", "-t", "tmpfs", "-o", size, "controlplane-e2e", path]);
        var result = await mount.ResultAsync();
        Assert.SkipUnless(result.ExitCode == 0, $"a small file system cannot be mounted here: {result.Error}");
        return new SmallFileSystem(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                ballast.Write(page);
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await using var unmount = CapturedProcess.Start(["umount", "--lazy", Path]);
        (await unmount.ResultAsync()).Ended(0);
    }
}
