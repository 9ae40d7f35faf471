using System.Security.Cryptography;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.JournalInspector.Salvage;

/// <summary>
/// Writes a new journal with storage's own code: a new replica under a new id, alone in its register, so that nobody can
/// mistake it for the old one, which may have promised and acknowledged things that the copy does not know. Entries keep
/// every byte; they lie in one segment.
/// </summary>
internal sealed class SalvageWriter(JournalDirectory source, SalvagePlan plan, string target)
{
    private const long UnflushedBytesMax = 4 << 20;
    private const int PieceBytes = 1 << 20;

    private readonly IDisk _disk = source.Disk;
    private readonly ReplicaIdentity _identity = source.Replica.Identity with { Replica = NewId() };
    private readonly ReplicaPaths _paths = new(Path.Combine(target, JournalOpening.ReplicaFolder));

    private SegmentOptions Options => new()
    {
        DeviceFileBytes = source.Replica.DeviceFileBytes,
        PreallocationStepBytes = Math.Min(new SegmentOptions().PreallocationStepBytes, source.Replica.DeviceFileBytes),
    };

    /// <summary>Durable on return. Ends by opening the copy as a start does.</summary>
    /// <param name="newestEpoch">No reign of the copy may have the number of one that the source knew.</param>
    /// <param name="progress">Told of each entry.</param>
    /// <exception cref="InspectionException">The source changed meanwhile.</exception>
    public void Write(Epoch newestEpoch, Progress progress)
    {
        ReplicaStore.Create(_paths.Root, _identity, _disk, Options);
        foreach (var snapshot in plan.Snapshots)
        {
            CopySnapshot(snapshot);
        }

        var startHash = plan.HasEntries ? CopyEntries(newestEpoch, progress) : SnapshotHash();
        WriteRegister(newestEpoch, startHash);
        using var store = ReplicaStore.Open(_paths.Root, _identity, _disk, Options, [], DamagePolicy.Refuse);
        if (plan.HasEntries)
        {
            // Into each slot once.
            store.WriteWatermark(plan.End);
            store.WriteWatermark(plan.End);
        }
    }

    private static ReplicaId NewId() => new(new UInt128(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)), BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8))));

    private ChainHash CopyEntries(Epoch epoch, Progress progress)
    {
        var startHash = default(ChainHash);
        var next = plan.Start;
        using var writer = SegmentWriter.Create(_disk, _paths.Segments, new SegmentName(epoch, plan.Start), Options);
        new JournalWalk(source, (in ScannedEntry entry) =>
        {
            if (entry.Header.Sequence > plan.End)
            {
                return false;
            }

            progress.Count(entry.Encoded.Length);
            if (entry.Header.Sequence != next)
            {
                return false;
            }

            startHash = next == plan.Start ? entry.Header.PreviousHash : startHash;
            writer.Append(entry.Encoded);
            if (writer.UnflushedBytes > UnflushedBytesMax)
            {
                writer.Flush();
            }

            next = next.Next;
            return true;
        }).Run(plan.Start);
        writer.Flush();
        return next == plan.End.Next
            ? startHash
            : throw new InspectionException($"entry {next} was there a moment ago and is not any more: is the journal live? Run the command again.");
    }

    private void CopySnapshot(SequenceNumber position)
    {
        var from = source.Replica.Snapshots;
        var piece = new byte[PieceBytes];
        var read = from.ReadPart(position, 0, piece, out var fileBytes);
        using var receiver = ReplicaInspection.Open(_paths.Root, _disk).Snapshots.Receive(position, fileBytes);
        while (read > 0)
        {
            receiver.Take(receiver.Received, piece.AsSpan(0, read));
            read = from.ReadPart(position, receiver.Received, piece, out _);
        }

        receiver.Publish();
    }

    private ChainHash SnapshotHash() => source.Replica.Snapshots.TryReadHeader(plan.End)!.Value.Applied.LastHash;

    private void WriteRegister(Epoch epoch, ChainHash startHash)
    {
        var reign = new EpochRecord(epoch, plan.Start, startHash, _identity.Replica, [_identity.Replica]);
        var configuration = new JournalConfiguration(_identity.Journal, [reign], plan.Start);
        using var register = FileConfigRegister.Open(Path.Combine(target, JournalOpening.RegisterName), _disk);
        var won = register.TryCompareAndSet(0, JournalConfigurationCodec.Encode(configuration));
        Invariant.Check(won, "a new register has no value");
    }
}
