using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Replica;

/// <summary>Removes what an interrupted creation or trim left: names that end in <c>.unfinished</c>, which no reader takes for data.</summary>
internal static class UnfinishedWork
{
    public static void Remove(IDisk disk, ReplicaInspection replica)
    {
        replica.Snapshots.DeleteUnfinished();
        var segments = replica.Paths.Segments;
        foreach (var name in disk.List(segments).Where(name => name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal)))
        {
            RemoveDirectory(disk, Path.Combine(segments, name));
        }
    }

    public static void RemoveDirectory(IDisk disk, string directory)
    {
        foreach (var file in disk.List(directory))
        {
            disk.DeleteFile(Path.Combine(directory, file));
        }

        disk.DeleteDirectory(directory);
    }
}
