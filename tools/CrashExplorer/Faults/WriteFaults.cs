using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Judging;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Faults;

/// <summary>Faults of the past: a write went elsewhere, or a sync was only claimed.</summary>
internal static class WriteFaults
{
    public static IEnumerable<Candidate> MisdirectedWrites(FaultSite site)
    {
        var writes = site.History.Changes.Take(site.Prefix)
            .Where(change => change.Kind == DiskOperationKind.Write && site.Losses.All(loss => loss.Change != change.Index))
            .TakeLast(site.Depth.RecentWrites);
        foreach (var write in writes)
        {
            foreach (var (file, offset) in Targets(site.Image, write))
            {
                foreach (var isLost in new[] { true, false })
                {
                    var where = isLost ? "not in its place" : "in its place as well";
                    yield return new Candidate(
                        FaultKinds.MisdirectedWrite,
                        site.Prefix,
                        $"{site.CrashSays}; but the bytes of {write} went to byte {offset} of {file}, {where}",
                        Expectation.RecoversOrRefuses,
                        () => Misdirect(site, write, file, offset, isLost))
                    {
                        IsAfterPowerCut = site.IsAfterPowerCut,
                    };
                }
            }
        }

        // Replicas of several journals share a disk: what was meant for the file of the one may land in the file of the other.
        foreach (var (says, neighbour) in site.Neighbours)
        {
            foreach (var file in site.Image.Files().Where(file => neighbour.FileAt(file) is not null && MayDiffer(file, says)))
            {
                yield return site.OnFile(FaultKinds.MisdirectedWrite, $"{file} is overwritten with what was meant for the same file of {says}", file, content =>
                {
                    var theirs = neighbour.FileAt(file)!;
                    return content.With(0, theirs.ToArray(0, (int)Math.Min(theirs.UsedBytes(), content.Length)));
                });
            }
        }
    }

    public static IEnumerable<Candidate> LostFlushes(FaultSite site)
    {
        var syncs = site.History.Changes.Take(site.Prefix).Where(change => change.IsSync).TakeLast(site.Depth.RecentWrites * 2);
        foreach (var sync in syncs)
        {
            var covered = UnsyncedChanges.CoveredBy(site.History, sync.Index);
            if (covered.Count > 0)
            {
                yield return new Candidate(
                    FaultKinds.LostFlush,
                    site.Prefix,
                    $"{site.CrashSays}; but {sync} was only claimed, and what it covered is lost",
                    Expectation.RecoversOrRefuses,
                    () => site.History.Build(site.Prefix, [.. site.Losses.Where(loss => covered.All(change => change.Index != loss.Change)), .. CrashKinds.All(covered)]))
                {
                    IsAfterPowerCut = site.IsAfterPowerCut,
                };
            }
        }
    }

    // Replicas of one journal hold the same entries: those of another history are not theirs.
    private static bool MayDiffer(string file, string says) =>
        !file.EndsWith(".entries", StringComparison.Ordinal) || says == Stage.OtherJournal;

    private static DiskImage? Misdirect(FaultSite site, Change write, string file, long offset, bool isLost)
    {
        // It strikes when it is written: what is written there later puts its own bytes on top.
        var struck = false;
        var image = site.History.Build(site.Prefix, isLost ? [.. site.Losses, new Loss(write.Index) { Strays = true }] : site.Losses, write.Index, then =>
        {
            if (then.FileAt(file) is { } content)
            {
                struck = true;
                then.SetFile(file, content.With(offset, write.Bytes.Span));
            }
        });
        return struck ? image : null;
    }

    private static IEnumerable<(string File, long Offset)> Targets(DiskImage image, Change write)
    {
        foreach (var file in image.Files())
        {
            var content = image.FileAt(file)!;
            long[] offsets = file.EndsWith(".entries", StringComparison.Ordinal)
                ? [write.Offset, write.Offset - Change.SectorBytes, write.Offset + Change.SectorBytes, write.Offset + ((write.Length + 511) / 512 * 512), 0]
                : [0];
            foreach (var offset in offsets.Distinct().Where(offset => offset >= 0 && offset + write.Length <= Math.Max(content.Length, 4096)))
            {
                if (!content.ToArray(offset, (int)write.Length).AsSpan().SequenceEqual(write.Bytes.Span))
                {
                    yield return (file, offset);
                }
            }
        }
    }
}
