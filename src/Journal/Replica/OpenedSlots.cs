using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Slots;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>The small values of a replica, opened for writing.</summary>
/// <param name="PromiseSlots">For later promises.</param>
/// <param name="Promise">What was promised; <see cref="ReplicaPromise.Lost"/> if that is not known any more.</param>
/// <param name="WatermarkSlots">For later watermarks.</param>
/// <param name="LastWatermark">Null if it is not known any more.</param>
internal sealed record OpenedSlots(SlotPair PromiseSlots, ReplicaPromise Promise, SlotPair WatermarkSlots, Watermark? LastWatermark) : IDisposable
{
    public static OpenedSlots Open(IDisk disk, ReplicaInspection replica, DamagePolicy policy, List<string> report)
    {
        var promises = SlotPair.Open(disk, replica.Paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, out var promiseReading, replica.Identity.SlotOwner);
        var promise = PromiseSlot.In(promiseReading, replica.Paths.Promise);
        if (promise is null)
        {
            var lost = replica.LostPromise();
            report.Add($"{lost.Finding}; what was promised is not known any more");
            if (policy == DamagePolicy.Refuse)
            {
                throw lost;
            }
        }
        else if (promiseReading.Damaged.Count > 0)
        {
            report.AddRange(promiseReading.Damaged.Select(file => $"{file} is not whole; the other slot holds the promise"));
        }

        var watermarks = SlotPair.Open(disk, replica.Paths.Watermark, Watermark.SlotKind, Watermark.SlotBytesMax, out var watermarkReading, replica.Identity.SlotOwner);
        var watermark = watermarkReading.Value is { } value ? Watermark.Read(value) : null;
        report.AddRange(watermarkReading.Damaged.Select(file => $"{file} is not whole, as after a power cut"));
        if (watermark is null)
        {
            report.Add($"neither {replica.Paths.Watermark}.a nor {replica.Paths.Watermark}.b is whole; what was acknowledged is not known any more");
        }

        return new OpenedSlots(promises, promise ?? ReplicaPromise.Lost, watermarks, watermark);
    }

    public void Dispose()
    {
        PromiseSlots.Dispose();
        WatermarkSlots.Dispose();
    }
}
