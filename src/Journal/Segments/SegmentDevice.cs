using ControlPlane.Journal.Disk;
using FASTER.core;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// FASTER's device on our files. Writes happen on the calling thread and the callback is invoked before the write
/// returns, so that a flush wakes no thread. A callback means "written", not "durable": <see cref="SegmentWriter"/>
/// syncs afterwards, once. The first failure is kept in <see cref="Fault"/>, because FASTER itself goes on after one.
/// </summary>
internal sealed class SegmentDevice(string directory, SegmentFiles files, SegmentOptions options)
    : StorageDeviceBase(directory, SegmentLayout.SectorBytes, options.DeviceFileBytes)
{
    private const uint InputOutputError = 5;

    /// <summary>What failed first, or null.</summary>
    public StorageFaultException? Fault { get; private set; }

    public override unsafe void WriteAsync(
        IntPtr sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite, DeviceIOCompletionCallback callback, object context)
    {
        if (Fault is null)
        {
            try
            {
                files.Write(segmentId, (long)destinationAddress, new ReadOnlySpan<byte>((void*)sourceAddress, (int)numBytesToWrite));
                callback(0, numBytesToWrite, context);
                return;
            }
            catch (StorageFaultException fault)
            {
                Fault = fault;
            }
        }

        callback(InputOutputError, 0, context);
    }

    public override void ReadAsync(
        int segmentId, ulong sourceAddress, IntPtr destinationAddress, uint readLength, DeviceIOCompletionCallback callback, object context) =>
        throw new NotSupportedException("Entries are read by SegmentScanner, never through FASTER.");

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        throw new NotSupportedException("Files are trimmed by ReplicaStore, never through FASTER.");

    public override void Dispose() => files.Dispose();
}
