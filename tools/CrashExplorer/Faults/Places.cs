using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.CrashExplorer.Faults;

/// <summary>A byte that means something.</summary>
/// <param name="File">Its file.</param>
/// <param name="Offset">Its position.</param>
/// <param name="Says">What it is of.</param>
internal sealed record Place(string File, long Offset, string Says);

/// <summary>The bytes of an image that faults are aimed at: each record, each slot, each header, and the empty room behind the last record.</summary>
internal static class Places
{
    private const int MetadataBytesMax = 200;

    private static readonly int[] BehindTheLast = [0, 1, 4, 600];

    /// <summary>Within a frame: its length, then each field of the header.</summary>
    private static readonly (int Offset, string Field)[] FrameFields =
    [
        (0, "frame length"), (2, "frame length"), (4, "magic"), (8, "version"), (9, "version"), (10, "type"), (11, "flags"), (12, "journal"), (28, "epoch"),
        (36, "sequence"), (44, "previous hash"), (60, "commit sequence"), (68, "time"), (76, "writer"), (92, "client"), (108, "client sequence"),
        (116, "producer version"), (120, "payload length"), (124, "reserved"), (128, "checksum"),
    ];

    public static IEnumerable<Place> Of(DiskImage image, bool isLarge, int bytesPerPlace)
    {
        foreach (var file in image.Files())
        {
            var places = file.EndsWith(".entries", StringComparison.Ordinal)
                ? InSegment(image, file, isLarge, bytesPerPlace)
                : InMetadata(file, image.FileAt(file)!.Length, bytesPerPlace);
            foreach (var place in places)
            {
                yield return place;
            }
        }
    }

    private static IEnumerable<Place> InMetadata(string file, long length, int bytesPerPlace)
    {
        var covered = (int)Math.Min(length, MetadataBytesMax);
        var step = bytesPerPlace == 0 ? 1 : Math.Max(1, covered / bytesPerPlace);
        for (var at = 0; at < covered; at += step)
        {
            yield return new Place(file, at, $"byte {at}");
        }

        if (length > covered)
        {
            yield return new Place(file, length / 2, "the middle");
            yield return new Place(file, length - 1, "the last byte");
        }
    }

    private static IEnumerable<Place> InSegment(DiskImage image, string file, bool isLarge, int bytesPerPlace)
    {
        var behind = 0L;
        foreach (var (position, offset, payloadBytes) in Frames(image, file, isLarge))
        {
            behind = offset + SegmentLayout.FrameBytes(EntryCodec.EncodedLength(payloadBytes));
            var fields = bytesPerPlace == 0 ? FrameFields : FrameFields.Where((_, i) => i % 4 == (int)(position % 4));
            foreach (var (inFrame, field) in fields)
            {
                yield return new Place(file, offset + inFrame, $"the {field} of entry {position}");
            }

            var payload = offset + SegmentLayout.FrameHeaderBytes + EntryCodec.HeaderBytes;
            if (payloadBytes > 0)
            {
                yield return new Place(file, payload, $"the payload's first byte of entry {position}");
                yield return new Place(file, payload + payloadBytes - 1, $"the payload's last byte of entry {position}");
            }

            if (payloadBytes % 4 != 0)
            {
                yield return new Place(file, payload + payloadBytes, $"the padding behind entry {position}");
            }
        }

        foreach (var beyond in BehindTheLast.Where(beyond => behind + beyond < image.FileAt(file)!.Length))
        {
            yield return new Place(file, behind + beyond, $"the empty room, {beyond} bytes behind the last entry");
        }
    }

    /// <summary>The whole entries of a device file, in order.</summary>
    public static List<(ulong Position, long Offset, int PayloadBytes)> Frames(DiskImage image, string file, bool isLarge)
    {
        var found = new List<(ulong, long, int)>();
        var (directory, _) = DiskImage.Split(file);
        var (parent, name) = DiskImage.Split(directory);
        if (SegmentName.TryParse(name, out var segment))
        {
            using var scanner = new SegmentScanner(new ImageDisk(image), parent, segment, Stage.Identity.Journal, Stage.OptionsOf(isLarge).DeviceFileBytes);
            scanner.Scan(new ScanRange { FromAddress = scanner.FindAddress(SequenceNumber.None) }, (in ScannedEntry entry) =>
            {
                if (entry.File == file)
                {
                    found.Add((entry.Header.Sequence.Value, entry.Offset, entry.Payload.Length));
                }

                return true;
            });
        }

        return found;
    }
}
