using System.Numerics;
using ControlPlane.Primitives;

namespace ControlPlane.Journal.Segments;

/// <summary>Sizes of a segment's files. The defaults are for production; tests use small files.</summary>
public sealed record SegmentOptions
{
    /// <summary>Bytes of one device file: a power of two, at least a page. All files of a replica have the same.</summary>
    public long DeviceFileBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Bytes that are zero-filled at a time ahead of use: divides <see cref="DeviceFileBytes"/>. Small enough that a
    /// start is not delayed, large enough that the sync of the file's new length is rare.
    /// </summary>
    public long PreallocationStepBytes { get; init; } = 4L << 20;

    /// <summary>
    /// Bytes that are zero-filled when a segment begins; the rest of the first step follows as any other. A segment begins when the writer changes, and
    /// callers wait for it: 4 MiB took up to 10 ms of that.
    /// </summary>
    public long FirstStepBytes { get; init; } = 256L << 10;

    /// <summary>
    /// True: the next step is filled on a pool thread when half of the last one is used. False: on the writing thread
    /// when it is needed, which makes the order of operations repeatable.
    /// </summary>
    public bool PreallocateInBackground { get; init; } = true;

    /// <summary>What a segment that begins has, at most one step.</summary>
    internal long BeginsWithBytes => Math.Min(FirstStepBytes, PreallocationStepBytes);

    internal void Validate()
    {
        Invariant.Check(BitOperations.IsPow2(DeviceFileBytes), "a device file's size is a power of two");
        Invariant.Check(DeviceFileBytes >= SegmentLayout.PageBytes, "a device file holds at least a page");
        Invariant.Check(DeviceFileBytes % PreallocationStepBytes == 0, "preallocation steps fill a device file exactly");
        Invariant.Check(PreallocationStepBytes % SegmentLayout.SectorBytes == 0, "preallocation steps are whole sectors");
        Invariant.Check(FirstStepBytes > 0 && FirstStepBytes % SegmentLayout.SectorBytes == 0, "the first step is whole sectors");
    }
}
