using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Slots;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// Makes a replica's directory. The identity comes last, by a rename: a directory with an identity is complete, and one
/// without is either an interrupted creation, which holds no entry and is taken over, or not ours, which is refused.
/// </summary>
internal static class ReplicaCreation
{
    private static readonly string[] LeftByInterruption =
    [
        "lock", "segments", "snapshots", "identity.unfinished",
        "promise.a", "promise.b", "promise.a.unfinished", "promise.b.unfinished",
        "watermark.a", "watermark.b", "watermark.a.unfinished", "watermark.b.unfinished",
        "acceptor.a", "acceptor.b", "acceptor.a.unfinished", "acceptor.b.unfinished",
    ];

    public static void Create(IDisk disk, ReplicaPaths paths, ReplicaIdentity identity, SegmentOptions options)
    {
        options.Validate();
        if (disk.DirectoryExists(paths.Root))
        {
            RefuseUnlessInterruptedCreation(disk, paths);
        }

        disk.CreateDirectory(paths.Root);
        disk.CreateDirectory(paths.Segments);
        disk.CreateDirectory(paths.Snapshots);
        using (var promise = SlotPair.Open(disk, paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, out _, identity.SlotOwner))
        {
            promise.WriteDurably(PromiseSlot.ToBytes(ReplicaPromise.None));
        }

        using (var watermark = SlotPair.Open(disk, paths.Watermark, Watermark.SlotKind, Watermark.SlotBytesMax, out _, identity.SlotOwner))
        {
            Span<byte> none = stackalloc byte[Watermark.SlotBytesMax];
            watermark.WriteDurably(none[..default(Watermark).Write(none)]);
        }

        AcceptorStore.Create(paths.Acceptor, disk, identity.SlotOwner);
        var unfinished = paths.Identity + SegmentFiles.UnfinishedSuffix;
        if (disk.FileExists(unfinished))
        {
            disk.DeleteFile(unfinished);
        }

        using (var file = disk.Create(unfinished))
        {
            file.Write(0, new IdentityFile(identity, options.DeviceFileBytes, HasAcceptor: true).ToBytes());
            file.SyncData();
        }

        disk.Rename(unfinished, paths.Identity);
        disk.SyncDirectory(paths.Root);
        disk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(paths.Root))!);
    }

    private static void RefuseUnlessInterruptedCreation(IDisk disk, ReplicaPaths paths)
    {
        var foreign = disk.List(paths.Root).FirstOrDefault(name => !LeftByInterruption.Contains(name));
        if (foreign is not null)
        {
            throw new JournalRefusedException(RefusalReason.ForeignDirectory, $"{paths.Root} already holds {foreign}");
        }

        foreach (var directory in new[] { paths.Segments, paths.Snapshots }.Where(disk.DirectoryExists))
        {
            if (disk.List(directory).Count > 0)
            {
                throw new JournalRefusedException(
                    RefusalReason.ForeignDirectory, $"{directory} is not empty but {paths.Identity} is missing: these may be entries of a replica that lost its identity");
            }
        }
    }
}
