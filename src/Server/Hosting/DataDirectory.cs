using ControlPlane.Journal.Disk;

namespace ControlPlane.Server.Hosting;

/// <summary>Makes the directories that a journal's own directory lies in, durably: a directory whose entry a power cut takes would take every acknowledged entry with it.</summary>
internal static class DataDirectory
{
    /// <summary>On return <paramref name="path"/> and all above it are there, and so they are after a power cut.</summary>
    public static void Make(IDisk disk, string path)
    {
        if (disk.DirectoryExists(path) || Path.GetDirectoryName(path) is not { } parent)
        {
            return;
        }

        Make(disk, parent);
        disk.CreateDirectory(path);
        disk.SyncDirectory(parent);
    }
}
