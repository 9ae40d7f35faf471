using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Slots;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// Reads what a replica's directory says about itself, without changing it and without its lock: the journal inspector's
/// way in, on live directories too, and the first step of <see cref="ReplicaStore.Open"/>.
/// </summary>
public sealed class ReplicaInspection
{
    private readonly IDisk _disk;

    private ReplicaInspection(IDisk disk, ReplicaPaths paths, IdentityFile file)
    {
        _disk = disk;
        Paths = paths;
        Identity = file.Identity;
        DeviceFileBytes = file.DeviceFileBytes;
        HasAcceptor = file.HasAcceptor;
    }

    /// <summary>Where things are.</summary>
    public ReplicaPaths Paths { get; }

    /// <summary>Whose directory it is.</summary>
    public ReplicaIdentity Identity { get; }

    /// <summary>Bytes of a device file.</summary>
    public long DeviceFileBytes { get; }

    /// <summary>True if the replica was made with an acceptor: one that is not there then is lost.</summary>
    public bool HasAcceptor { get; }

    /// <summary>The snapshots.</summary>
    public SnapshotDirectory Snapshots => new(_disk, Paths.Snapshots, Identity.Journal);

    /// <summary>Reads the identity; refuses a directory that is not a replica's.</summary>
    public static ReplicaInspection Open(string path, IDisk disk)
    {
        var paths = new ReplicaPaths(path);
        if (!disk.DirectoryExists(path))
        {
            throw new JournalRefusedException(RefusalReason.NoReplica, $"{path} does not exist");
        }

        if (!disk.FileExists(paths.Identity))
        {
            throw disk.List(path).Count == 0
                ? new JournalRefusedException(RefusalReason.NoReplica, $"{path} is empty")
                : new JournalRefusedException(RefusalReason.ForeignDirectory, $"{path} is not empty but {paths.Identity} is missing");
        }

        using var file = disk.Open(paths.Identity, writable: false);
        var bytes = new byte[IdentityFile.ByteCount + 1];
        var length = file.Read(0, bytes);
        return IdentityFile.TryRead(bytes.AsSpan(0, length), out var identity) is { } error
            ? throw new JournalRefusedException(RefusalReason.DamagedIdentity, $"{paths.Identity} is damaged: {error}")
            : new ReplicaInspection(disk, paths, identity);
    }

    /// <summary>
    /// Looks at a directory whose identity is lost, as if it had said what the caller found out otherwise. For looking only: a replica that
    /// cannot say who it is never opens.
    /// </summary>
    public static ReplicaInspection Assume(string path, IDisk disk, ReplicaIdentity identity, long deviceFileBytes) =>
        new(disk, new ReplicaPaths(path), new IdentityFile(identity, deviceFileBytes, HasAcceptor: false));

    /// <summary>
    /// The segments in order, without those that were set aside; refuses a name in their directory that is not a segment's.
    /// </summary>
    public IReadOnlyList<SegmentName> ListSegments()
    {
        var segments = new List<SegmentName>();
        foreach (var entry in _disk.List(Paths.Segments).Where(IsInUse))
        {
            segments.Add(SegmentName.TryParse(entry, out var name)
                ? name
                : throw new JournalRefusedException(RefusalReason.ForeignDirectory, $"{Path.Combine(Paths.Segments, entry)} is not a segment"));
        }

        segments.Sort();
        return segments;
    }

    /// <summary>Names of the segment directories that were set aside when the journal was rolled back.</summary>
    public IReadOnlyList<string> ListSetAside() => [.. _disk.List(Paths.Segments).Where(RetiredSegments.IsSetAside)];

    /// <summary>A scanner of one segment.</summary>
    public SegmentScanner ScannerOf(SegmentName segment) => new(_disk, Paths.Segments, segment, Identity.Journal, DeviceFileBytes);

    /// <summary>What the replica has promised; refuses if neither slot is whole.</summary>
    public ReplicaPromise ReadPromise() =>
        PromiseSlot.In(SlotPair.Read(_disk, Paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, Identity.SlotOwner), Paths.Promise) ?? throw LostPromise();

    /// <summary>What the replica has acknowledged; null if neither slot is whole.</summary>
    public Watermark? ReadWatermark() =>
        SlotPair.Read(_disk, Paths.Watermark, Watermark.SlotKind, Watermark.SlotBytesMax, Identity.SlotOwner).Value is { } value ? Watermark.Read(value) : null;

    /// <summary>True if the replica was made with an acceptor and no slot of it is whole: it must not vote any more. The journal opens all the same.</summary>
    public bool HasLostAcceptor() => HasAcceptor && AcceptorStore.IsLost(Paths.Acceptor, _disk, Identity.SlotOwner);

    /// <summary>Slot files that exist and are not whole. One of a pair loses nothing: the other holds the value.</summary>
    public IReadOnlyList<string> DamagedSlots() =>
    [
        .. SlotPair.Read(_disk, Paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, Identity.SlotOwner).Damaged,
        .. SlotPair.Read(_disk, Paths.Watermark, Watermark.SlotKind, Watermark.SlotBytesMax, Identity.SlotOwner).Damaged,
        .. AcceptorStore.DamagedSlots(Paths.Acceptor, _disk, Identity.SlotOwner),
    ];

    internal JournalRefusedException LostPromise() =>
        new(RefusalReason.DamagedSlots, $"neither {Paths.Promise}.a nor {Paths.Promise}.b is whole at byte 0");

    private static bool IsInUse(string name) =>
        !name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal) && !RetiredSegments.IsSetAside(name);
}
