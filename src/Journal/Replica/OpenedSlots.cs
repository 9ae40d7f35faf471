using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Slots;

namespace ControlPlane.Journal.Replica;

/// <summary>The small values of a replica, opened for writing.</summary>
internal sealed record OpenedSlots(SlotPair PromiseSlots, Promise Promise, SlotPair WatermarkSlots, Watermark? LastWatermark)
{
    public static OpenedSlots Open(IDisk disk, ReplicaInspection replica, List<string> report)
    {
        var promises = SlotPair.Open(disk, replica.Paths.Promise, Promise.SlotKind, Promise.SlotBytesMax, out var promiseReading);
        var promise = replica.PromiseIn(promiseReading);
        report.AddRange(promiseReading.Damaged.Select(file => $"{file} is not whole; the other slot holds the promise"));
        if (promiseReading.Damaged.Count > 0)
        {
            // Repaired at once: a second damage must not meet a single copy.
            promises.WriteDurably(promise.ToBytes());
        }

        var watermarks = SlotPair.Open(disk, replica.Paths.Watermark, Watermark.SlotKind, Watermark.SlotBytes, out var watermarkReading);
        report.AddRange(watermarkReading.Damaged.Select(file => $"{file} is not whole, as after a power cut"));
        return new OpenedSlots(
            promises, promise, watermarks, watermarkReading.Value is { } value ? Watermark.Read(value) : null);
    }
}
