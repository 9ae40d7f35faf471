using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// What a start reads may be in the system's cache only: a process that was killed between a write and its sync leaves it there. The start
/// speaks for all of it, in answers to a seal for instance, so it makes it durable first; a power cut would take it away afterwards.
/// </summary>
internal static class FoundByStart
{
    /// <summary>On return the entries of <paramref name="recovered"/>, and all names in the directory, are durable.</summary>
    public static void MakeDurable(IDisk disk, ReplicaInspection replica, RecoveredJournal recovered)
    {
        // Only the last segment with entries: a later one begins behind durable entries.
        var written = recovered.Segments.Where(segment => segment.Name.Start < recovered.End.Tail).Select(segment => (SegmentName?)segment.Name).LastOrDefault();
        if (written is { } name)
        {
            var directory = Path.Combine(replica.Paths.Segments, name.ToString());
            foreach (var file in disk.List(directory).Where(file => SegmentLayout.TryParseFileName(file, out _)))
            {
                using var opened = disk.Open(Path.Combine(directory, file), writable: true);
                opened.SyncData();
            }

            disk.SyncDirectory(directory);
        }

        disk.SyncDirectory(replica.Paths.Segments);
        disk.SyncDirectory(replica.Paths.Snapshots);
        disk.SyncDirectory(replica.Paths.Root);
        disk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(replica.Paths.Root))!);
    }
}
