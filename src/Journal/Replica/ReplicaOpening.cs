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
#if MUTANTS
        expected = Primitives.Mutant.Is("foreign-disk-accepted") ? inspection.Identity : expected;
#endif
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
            slots = policy == DamagePolicy.RollBack ? slots with { Promise = PromiseAfter(slots, recovered, report) } : slots;

            // Both slots, whatever they hold: a process that was killed may have left the newest in one only, or not synced, and a damaged one
            // must not wait for a second damage. From here on the promise is told to others.
            slots.PromiseSlots.WriteDurably(PromiseSlot.ToBytes(slots.Promise));
            FoundByStart.MakeDurable(disk, inspection, recovered);
            Tidy(new RetiredSegments(disk, inspection), slots.Promise, policy, recovered, report);
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
        }

        return promise;
    }

    // The newest first, so that an interruption leaves a journal without a gap.
    private static void Tidy(
        RetiredSegments retired, ReplicaPromise promise, DamagePolicy policy, RecoveredJournal recovered, List<string> report)
    {
        // An interrupted clip is finished in any case: once the watermark has moved on, what it took away would count again. What a snapshot
        // overtook does not come back, and a replica that is alone leaves it to its operator.
        var overtaken = policy == DamagePolicy.RollBack ? recovered.Overtaken : [];
        foreach (var segment in recovered.Clipped.Concat(overtaken).OrderDescending())
        {
            report.Add(retired.Retire(segment, keep: !promise.IsWhole));
        }

        if (promise.IsWhole)
        {
            retired.DeleteSetAside();
        }
    }
}
