using ControlPlane.EndToEnd.Tests.Disk;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>What becomes of a replica whose disk was damaged while its node was down.</summary>
public enum Fate
{
    /// <summary>It lost nothing that it needs: it counts from its start on.</summary>
    StaysWhole,

    /// <summary>It counts for nothing until it holds again what it may have acknowledged, which it gets from the others.</summary>
    IsHealed,

    /// <summary>The same, and its vote in the register is lost for good.</summary>
    LosesItsVote,

    /// <summary>Its node does not start, and leaves everything as it is.</summary>
    RefusesToStart,

    /// <summary>It begins as somebody else, who counts for nothing.</summary>
    IsASpare,
}

/// <summary>One thing that happens to files.</summary>
/// <param name="Name">What.</param>
/// <param name="Fate">What becomes of the replica.</param>
/// <param name="Names">What the node's log must name; empty if there is nothing to find.</param>
/// <param name="Damage">Does it.</param>
internal sealed record DiskFault(string Name, Fate Fate, string Names, Action<DamagedFiles> Damage)
{
    private const string Entries = ".entries";
    private const string Segments = "segments";

    /// <summary>The faults of disks that the journal's design names, as far as they can be done to files.</summary>
    public static IReadOnlyList<DiskFault> All { get; } =
    [
        new("a flipped bit", Fate.IsHealed, Entries, files => JournalFiles.FlipBit(files.File, files.Offset)),
        new("a zeroed sector", Fate.IsHealed, Entries, files => JournalFiles.ZeroSector(files.File, files.Offset)),
        new("swapped words", Fate.IsHealed, Entries, files => JournalFiles.SwapWords(files.File, files.Offset)),
        new("a misdirected write", Fate.IsHealed, Entries, files => JournalFiles.CopySector(files.File, from: 0, to: files.Offset)),
        new("lost writes", Fate.IsHealed, Entries, files => JournalFiles.ZeroFrom(files.File, files.Offset)),
        new("a cut file", Fate.IsHealed, Entries, files => JournalFiles.Cut(files.File, files.Offset)),
        new("an empty file", Fate.IsHealed, Entries, files => JournalFiles.Cut(files.File, 0)),
        new("a missing file", Fate.IsHealed, Entries, files => File.Delete(files.File)),
        new("a missing segment", Fate.IsHealed, Segments, files => Directory.Delete(Path.GetDirectoryName(files.File)!, recursive: true)),
        new("no segments", Fate.IsHealed, "", files => files.DeleteAllIn(Segments)),
        new("segments of an older copy", Fate.IsHealed, "", files => files.RestoreOlder(Segments)),

        new("one promise slot", Fate.StaysWhole, "promise.a", files => files.Flip("promise.a")),
        new("both promise slots", Fate.IsHealed, "promise", files => files.Flip("promise.a", "promise.b")),
        new("no promise slots", Fate.IsHealed, "promise", files => files.Delete("promise.a", "promise.b")),
        new("one watermark slot", Fate.StaysWhole, "watermark.b", files => files.Flip("watermark.b")),
        new("both watermark slots", Fate.IsHealed, "watermark", files => files.Flip("watermark.a", "watermark.b")),
        new("no watermark slots", Fate.IsHealed, "watermark", files => files.Delete("watermark.a", "watermark.b")),
        new("one acceptor slot", Fate.StaysWhole, "", files => files.Flip("acceptor.a")),
        new("both acceptor slots", Fate.LosesItsVote, "acceptor", files => files.Flip("acceptor.a", "acceptor.b")),
        new("no acceptor slots", Fate.LosesItsVote, "acceptor", files => files.Delete("acceptor.a", "acceptor.b")),

        new("a flipped bit in the newest snapshot", Fate.StaysWhole, "snapshots", files => JournalFiles.FlipBit(files.NewestSnapshot, 140)),
        new("a cut snapshot", Fate.StaysWhole, "snapshots", files => JournalFiles.Cut(files.NewestSnapshot, 150)),
        new("no snapshots", Fate.StaysWhole, "", files => files.DeleteAllIn("snapshots")),
        new("a damaged snapshot and a damaged entry behind it", Fate.IsHealed, Entries, files =>
        {
            JournalFiles.FlipBit(files.NewestSnapshot, 140);
            JournalFiles.FlipBit(files.File, files.Offset);
        }),

        new("a damaged identity", Fate.RefusesToStart, "identity", files => files.Flip("identity")),
        new("no identity", Fate.RefusesToStart, "replica", files => files.Delete("identity")),
        new("no replica", Fate.IsASpare, "", files => Directory.Delete(files.Replica, recursive: true)),
    ];

    /// <summary>One of each fate.</summary>
    public static IReadOnlyList<DiskFault> AFew { get; } =
        [.. All.Where(fault => fault.Name is "a flipped bit" or "a missing segment" or "both promise slots" or "a cut snapshot" or "no replica")];

    public static DiskFault Named(string name) => All.Single(fault => fault.Name == name);
}

/// <summary>The files of a stopped replica.</summary>
/// <param name="Replica">Its directory.</param>
/// <param name="Older">A copy of the directory from a while before.</param>
/// <param name="File">The entries file that has a certain acknowledged grant.</param>
/// <param name="Offset">Where in it the grant's request id begins.</param>
internal sealed record DamagedFiles(string Replica, string Older, string File, long Offset)
{
    // In the value or the checksums of a slot, the identity.
    private const int ByteOfSlots = 17;

    /// <summary>Of the names, which are positions, the highest.</summary>
    public string NewestSnapshot => Directory.GetFiles(Path.Combine(Replica, "snapshots")).MaxBy(file => ulong.Parse(Path.GetFileName(file), System.Globalization.CultureInfo.InvariantCulture))!;

    public void Flip(params string[] names)
    {
        foreach (var name in names)
        {
            JournalFiles.FlipBit(Path.Combine(Replica, name), ByteOfSlots);
        }
    }

    public void Delete(params string[] names)
    {
        foreach (var name in names)
        {
            System.IO.File.Delete(Path.Combine(Replica, name));
        }
    }

    public void DeleteAllIn(string directory)
    {
        Directory.Delete(Path.Combine(Replica, directory), recursive: true);
        Directory.CreateDirectory(Path.Combine(Replica, directory));
    }

    public void RestoreOlder(string directory)
    {
        Directory.Delete(Path.Combine(Replica, directory), recursive: true);
        JournalFiles.CopyDirectory(Path.Combine(Older, directory), Path.Combine(Replica, directory));
    }
}
