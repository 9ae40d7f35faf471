using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>A replica that was verified, or rolled back, and is held by this process.</summary>
internal sealed record OpenedReplica(ReplicaInspection Inspection, IDisposable Lock, OpenedSlots Slots, RecoveredJournal Journal);

/// <summary>
/// Opens a replica's directory. Everything is decided before anything is changed, and each change that follows leaves a directory of
/// which the same would be decided again: that the replica is not whole is durable before a segment is set aside.
/// </summary>
internal static class ReplicaOpening
{
    public static OpenedReplica Open(
        string path,
        ReplicaIdentity expected,
        IDisk disk,
        IReadOnlyList<ClosedEpoch> closedEpochs,
        DamagePolicy policy,
        Action<RecoveryProgress>? progress)
    {
        var inspection = ReplicaInspection.Open(path, disk);
        if (inspection.Identity != expected)
        {
            throw new JournalRefusedException(
                RefusalReason.WrongIdentity, $"{inspection.Paths.Identity} is of {inspection.Identity}; expected {expected}");
        }

        var held = disk.TryLock(inspection.Paths.Lock)
            ?? throw new JournalRefusedException(RefusalReason.Locked, $"another process holds {inspection.Paths.Lock}");
        OpenedSlots? slots = null;
        try
        {
            var report = new List<string>();
            UnfinishedWork.Remove(disk, inspection);
            slots = OpenedSlots.Open(disk, inspection, policy, report);
            var snapshot = inspection.Snapshots.FindNewest(report.Add);
            var recovered = new JournalRecovery(inspection, closedEpochs, slots.LastWatermark, policy, progress).Run(snapshot);
            report.AddRange(recovered.Report);
            if (policy == DamagePolicy.RollBack)
            {
                slots = slots with { Promise = PromiseAfter(slots, recovered, report) };
                Tidy(new RetiredSegments(disk, inspection), slots.Promise, recovered, report);
            }
            else if (slots.Promise.IsWhole)
            {
                new RetiredSegments(disk, inspection).DeleteSetAside();
            }

            return new OpenedReplica(inspection, held, slots, recovered with { Report = report });
        }
        catch
        {
            slots?.Dispose();
            held.Dispose();
            throw;
        }
    }

    private static ReplicaPromise PromiseAfter(OpenedSlots slots, RecoveredJournal recovered, List<string> report)
    {
        var isWhole = slots.Promise.IsWhole && slots.LastWatermark is not null && recovered.Damage is null;
        var promise = slots.Promise with { IsWhole = isWhole };
        if (!isWhole)
        {
            report.Add($"this replica is not whole: it may have acknowledged more than the entries up to {recovered.End.Last}, which it holds");
            if (slots.Promise.IsWhole || slots.Promise == ReplicaPromise.Lost)
            {
                slots.PromiseSlots.WriteDurably(PromiseSlot.ToBytes(promise));
            }
        }

        return promise;
    }

    // The newest first, so that an interruption leaves a journal without a gap.
    private static void Tidy(RetiredSegments retired, ReplicaPromise promise, RecoveredJournal recovered, List<string> report)
    {
        foreach (var segment in recovered.RolledBack.Concat(recovered.Superseded).OrderDescending())
        {
            report.Add(retired.Retire(segment, keep: !promise.IsWhole));
        }

        if (promise.IsWhole)
        {
            retired.DeleteSetAside();
        }
    }
}
