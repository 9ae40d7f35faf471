using System.Buffers.Binary;
using System.IO.Hashing;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Restores a core from a snapshot that arrives in parts of any size, without holding it whole.</summary>
public sealed class SnapshotReader(PartitionId partition, CoreOptions options)
{
    private readonly WorkerManagerCore core = new(partition, options);
    private readonly RecordRestorer restorer = new();
    private byte[] pending = [];
    private long offset;
    private StateHash expected;
    private bool headRead;
    private bool ended;

    /// <summary>The next bytes. The span is not kept.</summary>
    /// <exception cref="SnapshotDamagedException">The bytes are not a snapshot of this partition in a known format.</exception>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (pending.Length > 0)
        {
            bytes = (byte[])[.. pending, .. bytes];
        }

        var used = 0;
        while (Take(bytes[used..]) is > 0 and var count)
        {
            used += count;
            offset += count;
        }

        pending = bytes[used..].ToArray();
    }

    /// <summary>The restored core, after the last bytes.</summary>
    /// <exception cref="SnapshotDamagedException">Bytes are missing or left over.</exception>
    /// <exception cref="StateDivergedException">The restored state does not have the hash that the snapshot states.</exception>
    public WorkerManagerCore Complete()
    {
        if (!ended || pending.Length > 0)
        {
            throw new SnapshotDamagedException(offset, ended ? "bytes after its end" : "it ends too early");
        }

        return core.Hash == expected ? core : throw new StateDivergedException(core.Applied, expected, core.Hash);
    }

    /// <summary>Consumes the head or one record from the front; 0 if more bytes are needed.</summary>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        if (!headRead)
        {
            return bytes.Length < SnapshotFormat.HeadBytes ? 0 : TakeHead(bytes);
        }

        if (ended || bytes.Length < SnapshotFormat.FrameBytes)
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length > SnapshotFormat.RecordBytesMax)
        {
            throw new SnapshotDamagedException(offset, $"a record of {length} bytes");
        }

        var end = SnapshotFormat.FrameBytes + (int)length;
        return bytes.Length < end ? 0 : TakeRecord(bytes[SnapshotFormat.FrameBytes..end], bytes[4], end);
    }

    private int TakeHead(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalReader(bytes[..SnapshotFormat.HeadBytes], offset);
        Require(reader.UInt32() == SnapshotFormat.Magic, "it does not begin as a snapshot of a worker manager");
        Require(reader.UInt32() == SnapshotFormat.Version, "its format is not known to this version");
        Require(reader.UInt32() == core.Partition.Value, "it belongs to another partition");
        Require(reader.UInt32() <= EntryFormat.Version, "a newer program wrote it");
        core.State.Applied = new(reader.UInt64());
        core.State.Time = new(reader.Int64());
        core.State.LastHashed = new(reader.UInt64());
        expected = new(reader.UInt128());
        Require(reader.UInt64() == XxHash3.HashToUInt64(bytes[..SnapshotFormat.CheckedHeadBytes]), "its head is damaged");
        headRead = true;
        return SnapshotFormat.HeadBytes;
    }

    private int TakeRecord(ReadOnlySpan<byte> record, byte kind, int total)
    {
        var reader = new CanonicalReader(record, offset + SnapshotFormat.FrameBytes);
        try
        {
            ended = kind == SnapshotFormat.End;
            if (ended)
            {
                restorer.Finish(core.State);
            }
            else
            {
                restorer.Restore(core.State, (RecordKind)kind, ref reader);
            }
        }
        catch (Exception exception) when (exception is InvariantViolationException or ArgumentException or OverflowException)
        {
            throw new SnapshotDamagedException(offset, $"a record that contradicts the others: {exception.Message}");
        }

        Require(reader.AtEnd, "a record longer than its fields");
        return total;
    }

    private void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new SnapshotDamagedException(offset, problem);
        }
    }
}
