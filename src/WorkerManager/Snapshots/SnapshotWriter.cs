using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace ControlPlane.WorkerManager;

/// <summary>Writes a snapshot record by record; holds no more than one record besides what the destination buffers.</summary>
internal static class SnapshotWriter
{
    public static void Write(PartitionState state, IBufferWriter<byte> destination)
    {
        var writer = new CanonicalWriter();
        WriteHead(state, writer);
        destination.Write(writer.Written);
        foreach (var record in SnapshotRecords.Of(state))
        {
            writer.Clear();
            record.Write(writer);
            WriteFrame(destination, (uint)writer.Written.Length, (byte)record.Kind);
            destination.Write(writer.Written);
        }

        WriteFrame(destination, 0, SnapshotFormat.End);
    }

    private static void WriteHead(PartitionState state, CanonicalWriter writer)
    {
        writer.UInt32(SnapshotFormat.Magic);
        writer.UInt32(SnapshotFormat.Version);
        writer.UInt32(state.Partition.Value);
        writer.UInt32(EntryFormat.Version);
        var applied = state.Applied;
#if MUTANTS
        applied = Primitives.Mutant.Is("snapshot-off-by-one") ? applied.Previous : applied;
#endif
        writer.UInt64(applied.Value);
        writer.Int64(state.Time.Nanoseconds);
        writer.UInt64(state.LastHashed.Value);
        writer.UInt128(state.Hasher.Hash.Value);
        writer.UInt64(XxHash3.HashToUInt64(writer.Written));
    }

    private static void WriteFrame(IBufferWriter<byte> destination, uint length, byte kind)
    {
        var frame = destination.GetSpan(SnapshotFormat.FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, length);
        frame[4] = kind;
        destination.Advance(SnapshotFormat.FrameBytes);
    }
}
