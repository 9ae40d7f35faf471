using ControlPlane.CrashExplorer.Crashes;
using ControlPlane.CrashExplorer.Exploring;

namespace ControlPlane.CrashExplorer.Faults;

/// <summary>The kinds of crashes and faults, as the command line and the tables name them.</summary>
internal static class FaultKinds
{
    public const string BitFlip = "bit-flip";
    public const string ZeroedSector = "zeroed-sector";
    public const string MisdirectedWrite = "misdirected-write";
    public const string StaleFile = "stale-file";
    public const string LostFlush = "lost-flush";
    public const string ForeignDisk = "foreign-disk";
    public const string TruncatedFile = "truncated-file";
    public const string DeletedFile = "deleted-file";

    /// <summary>The disk refuses an operation while the workload runs; what follows is a crash.</summary>
    public const string IoError = "io-error";

    /// <summary>The start itself is killed, or loses its power.</summary>
    public const string InterruptedStart = "interrupted-start";

    /// <summary>All, in the order of the tables.</summary>
    public static IReadOnlyList<(string Name, string Says)> All { get; } =
    [
        (CrashKinds.Kill, "the process is killed; what was written is there, synced or not"),
        (CrashKinds.PowerCut, "what was not synced is lost: all, each, sector by sector, in any order"),
        (InterruptedStart, "the start after such a crash is killed, or loses its power, before each of its own changes"),
        (IoError, "the disk fails an operation (EIO, or ENOSPC with part of the bytes written), and then a crash"),
        (CrashKinds.TornSector, "a sector is torn in its middle, which a disk promises not to do"),
        (BitFlip, "one bit, in each field of each record, slot, header and snapshot, and in the empty room behind"),
        (ZeroedSector, "a sector that was written is all zero"),
        (MisdirectedWrite, "a write went to another place, in its own or another file, or a neighbouring replica's came here"),
        (StaleFile, "a file is what it was at an earlier moment"),
        (LostFlush, "a sync was only claimed; what it covered is lost, what came later is there"),
        (ForeignDisk, "the disk is that of another replica, journal or cluster"),
        (TruncatedFile, "a file is shorter"),
        (DeletedFile, "a file or a directory is gone"),
    ];

    /// <summary>True for faults that take whole sectors away, which looks like a write that did not arrive. Whatever else changes bytes does not.</summary>
    public static bool LosesBytes(string kind) => kind is ZeroedSector or LostFlush or StaleFile or TruncatedFile or MisdirectedWrite or DeletedFile;

    /// <summary>Those that strike an image at rest.</summary>
    public static IEnumerable<Candidate> Of(FaultSite site, IReadOnlySet<string> kinds)
    {
        (string Kind, Func<FaultSite, IEnumerable<Candidate>> Make)[] makers =
        [
            (BitFlip, FileFaults.BitFlips),
            (ZeroedSector, FileFaults.ZeroedSectors),
            (MisdirectedWrite, WriteFaults.MisdirectedWrites),
            (StaleFile, FileFaults.StaleFiles),
            (LostFlush, WriteFaults.LostFlushes),
            (ForeignDisk, FileFaults.ForeignDisks),
            (TruncatedFile, FileFaults.TruncatedFiles),
            (DeletedFile, FileFaults.DeletedFiles),
        ];
        return makers.Where(maker => kinds.Contains(maker.Kind))
            .SelectMany(maker => Draw.Some([.. maker.Make(site)], site.Depth.FaultsAtMost, site.Prefix));
    }
}
