using System.Buffers.Binary;
using System.Numerics;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>Finds out whose directory it is when its identity is lost: each entry names its journal, and files tell their size.</summary>
internal static class LostIdentity
{
    private const int ClusterOffset = 8;

    /// <summary>Null if no whole entry is found that says it.</summary>
    public static ReplicaInspection? Reconstruct(string path, IDisk disk)
    {
        var paths = new ReplicaPaths(path);
        var segments = disk.DirectoryExists(paths.Segments)
            ? disk.List(paths.Segments).Where(name => SegmentName.TryParse(name, out _)).Select(name => Path.Combine(paths.Segments, name)).ToArray()
            : [];
        foreach (var segment in segments)
        {
            if (JournalOf(Path.Combine(segment, SegmentLayout.FileName(0)), disk) is { } journal)
            {
                return ReplicaInspection.Assume(path, disk, new ReplicaIdentity(ClusterOf(paths.Identity, disk), journal, default), DeviceFileBytes(segments, disk));
            }
        }

        return null;
    }

    private static JournalId? JournalOf(string file, IDisk disk)
    {
        if (!disk.FileExists(file))
        {
            return null;
        }

        using var opened = disk.Open(file, writable: false);
        var bytes = new byte[SegmentLayout.PageBytes];
        var page = bytes.AsSpan(0, opened.Read(0, bytes));
        for (var at = SegmentLayout.FirstAddress; at + SegmentLayout.FrameHeaderBytes + EntryCodec.HeaderBytes <= page.Length; at += sizeof(uint))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(page[at..]);
            var rest = page[(at + SegmentLayout.FrameHeaderBytes)..];
            if (length >= EntryCodec.HeaderBytes && length <= rest.Length && EntryCodec.TryRead(rest[..length], out var header, out _, out _))
            {
                return header.Journal;
            }
        }

        return null;
    }

    /// <summary>What the damaged file says, which may be wrong; nothing else on disk names the installation.</summary>
    private static ClusterId ClusterOf(string file, IDisk disk)
    {
        if (!disk.FileExists(file))
        {
            return default;
        }

        using var opened = disk.Open(file, writable: false);
        var bytes = new byte[ClusterOffset + Identifier128.ByteCount];
        return opened.Read(0, bytes) == bytes.Length ? new ClusterId(BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(ClusterOffset))) : default;
    }

    /// <summary>A first file that others follow is full. Where none is, any size that holds the files will do.</summary>
    private static long DeviceFileBytes(IReadOnlyList<string> segments, IDisk disk)
    {
        var bytes = new SegmentOptions().DeviceFileBytes;
        foreach (var segment in segments)
        {
            var files = disk.List(segment).Where(name => SegmentLayout.TryParseFileName(name, out _)).Order(StringComparer.Ordinal).ToArray();
            if (files is [var first, _, ..] && first == SegmentLayout.FileName(0))
            {
                using var opened = disk.Open(Path.Combine(segment, first), writable: false);
                return (long)BitOperations.RoundUpToPowerOf2((ulong)opened.Length);
            }
        }

        return bytes;
    }
}
