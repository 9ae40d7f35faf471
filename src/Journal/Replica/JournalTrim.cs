using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// Drops whole segments and whole device files below a verified snapshot. In order of age, so that an interruption
/// leaves a shorter prefix missing and never a hole. The last segment is never dropped: it is being written.
/// </summary>
internal sealed class JournalTrim(IDisk disk, ReplicaInspection replica, JournalReader reader)
{
    private readonly RetiredSegments _retired = new(disk, replica);

    public SequenceNumber TrimTo(SequenceNumber below, SequenceNumber tail)
    {
        replica.Snapshots.DeleteOld(_ => { });
        if (replica.Snapshots.FindNewest(_ => { }) is not { } snapshot)
        {
            return reader.Head(tail);
        }

        var limit = below <= snapshot.Applied.Tail ? below : snapshot.Applied.Tail;
        while (reader.Segments.Count > 1 && reader.Segments[0].Tail <= limit)
        {
            _retired.Drop(reader.Segments[0].Name);
            reader.RemoveFirst();
        }

        if (reader.Segments.Count > 0)
        {
            DropFiles(reader.Segments[0].Name, limit);
        }

        return reader.Head(tail);
    }

    private void DropFiles(SegmentName name, SequenceNumber limit)
    {
        var directory = Path.Combine(replica.Paths.Segments, name.ToString());
        using var scanner = replica.ScannerOf(name);

        // Every entry before the file that holds the limit lies below the limit.
        var keptFrom = (int)(scanner.FindAddress(limit) / replica.DeviceFileBytes);
        for (var index = 0; index < keptFrom; index++)
        {
            var path = Path.Combine(directory, SegmentLayout.FileName(index));
            if (disk.FileExists(path))
            {
                disk.DeleteFile(path);
                disk.SyncDirectory(directory);
            }
        }
    }
}
