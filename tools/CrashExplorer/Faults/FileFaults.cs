using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Workloads;

namespace ControlPlane.CrashExplorer.Faults;

/// <summary>Faults of single bytes, sectors and files: what they hold is not what was written, or they are not there.</summary>
internal static class FileFaults
{
    private static readonly byte[] ZeroSector = new byte[Change.SectorBytes];

    public static IEnumerable<Candidate> BitFlips(FaultSite site)
    {
        foreach (var place in Places.Of(site.Image, site.Run.Workload.IsLarge, site.Depth.BytesPerPlace))
        {
            for (var i = 0; i < site.Depth.BitsPerByte; i++)
            {
                var bit = (int)((place.Offset + (i * 5)) % 8);
                yield return site.OnFile(FaultKinds.BitFlip, $"bit {bit} of byte {place.Offset} of {place.File} flips ({place.Says})", place.File, content =>
                    content.With(place.Offset, [(byte)(content.ToArray(place.Offset, 1)[0] ^ (1 << bit))]));
            }
        }
    }

    public static IEnumerable<Candidate> ZeroedSectors(FaultSite site)
    {
        foreach (var file in site.Image.Files())
        {
            var content = site.Image.FileAt(file)!;
            var sectors = (content.UsedBytes() + Change.SectorBytes - 1) / Change.SectorBytes;
            for (var i = 0L; i < sectors; i++)
            {
                var offset = i * Change.SectorBytes;
                if (content.ToArray(offset, Change.SectorBytes).AsSpan().ContainsAnyExcept((byte)0))
                {
                    yield return site.OnFile(FaultKinds.ZeroedSector, $"sector {i} of {file} is all zero", file, from =>
                        from.With(offset, ZeroSector.AsSpan(0, (int)Math.Min(Change.SectorBytes, from.Length - offset))));
                }
            }
        }
    }

    public static IEnumerable<Candidate> TruncatedFiles(FaultSite site)
    {
        foreach (var file in site.Image.Files())
        {
            var content = site.Image.FileAt(file)!;
            var used = content.UsedBytes();
            long[] lengths = [0, 1, content.Length / 2, content.Length - 1, content.Length - Change.SectorBytes, used / 2, used - Change.SectorBytes, used - 1];
            foreach (var length in lengths.Distinct().Where(length => length >= 0 && length < content.Length))
            {
                yield return site.OnFile(FaultKinds.TruncatedFile, $"{file} is cut to {length} of its {content.Length} bytes", file, from => from.Resized(length));
            }
        }
    }

    public static IEnumerable<Candidate> DeletedFiles(FaultSite site)
    {
        var paths = site.Image.Files().Concat(site.Image.Directories().Where(directory => directory != Stage.Root));
        return paths.Select(path => site.Of(FaultKinds.DeletedFile, $"{path} is gone", image =>
        {
            image.RemoveAll(path);
            return true;
        }));
    }

    public static IEnumerable<Candidate> StaleFiles(FaultSite site)
    {
        foreach (var file in site.Image.Files())
        {
            // The same file: what an older one of that name held is on other blocks.
            var node = site.Image.Find(file);
            var now = site.Image.FileAt(file)!.Hash;
            var older = new List<(int Moment, FileContent Content)>();
            for (var moment = site.Prefix - 1; moment >= 0; moment--)
            {
                if (site.History.At(moment).Find(file) == node && site.History.At(moment).FileAt(file) is { } content && content.Hash != now && older.TrueForAll(known => known.Content.Hash != content.Hash))
                {
                    older.Add((moment, content));
                }
            }

            // The newest of the older ones are the ones to be taken for the truth.
            foreach (var (moment, content) in older.Take(site.Depth.StaleVersions))
            {
                yield return site.OnFile(FaultKinds.StaleFile, $"{file} is again what it was before change {moment}", file, _ => content);
            }
        }
    }

    public static IEnumerable<Candidate> ForeignDisks(FaultSite site) => site.Neighbours.Select(neighbour => site.Of(
        FaultKinds.ForeignDisk, $"the disk is that of {neighbour.Says}", image => Copy(neighbour.Image, image)));

    private static bool Copy(DiskImage from, DiskImage to)
    {
        to.RemoveAll(Stage.Replica);
        foreach (var directory in from.Directories().Where(directory => directory != Stage.Root))
        {
            Add(to, directory, isDirectory: true);
        }

        foreach (var file in from.Files())
        {
            if (to.Find(file) is null)
            {
                Add(to, file, isDirectory: false);
            }

            to.SetFile(file, from.FileAt(file)!);
        }

        return true;
    }

    private static void Add(DiskImage image, string path, bool isDirectory)
    {
        var (parent, name) = DiskImage.Split(path);
        image.TryAdd(image.Find(parent)!.Value, name, image.NewNode(), isDirectory);
    }
}
