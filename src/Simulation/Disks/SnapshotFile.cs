using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Serving;

namespace ControlPlane.Simulation.Disks;

/// <summary>A snapshot's bytes: what the journal ends with, the state's hash, the journal's part with its length, the user's part, a checksum.</summary>
internal static class SnapshotFile
{
    private const int HeaderBytes = 56;
    private const int ChecksumBytes = 8;

    public static StoredSnapshot Write(JournalEnd applied, JournalState journal, IStateMachine state)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var header = buffer.GetSpan(HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header, applied.Last.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(header[8..], applied.LastHash.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], applied.LastEpoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], applied.LastTime.Nanoseconds);
        BinaryPrimitives.WriteUInt128LittleEndian(header[40..], state.Hash);
        buffer.Advance(HeaderBytes);
        journal.Write(buffer);
        state.Write(buffer);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer.GetSpan(ChecksumBytes), XxHash64.HashToUInt64(buffer.WrittenSpan));
        buffer.Advance(ChecksumBytes);
        return new StoredSnapshot(applied, state.Hash, buffer.WrittenSpan.ToArray());
    }

    /// <summary>The snapshot in these bytes; null if they are not whole.</summary>
    public static StoredSnapshot? Verify(byte[] bytes)
    {
        if (bytes.Length < HeaderBytes + ChecksumBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(bytes.Length - ChecksumBytes)) != XxHash64.HashToUInt64(bytes.AsSpan(0, bytes.Length - ChecksumBytes)))
        {
            return null;
        }

        var applied = new JournalEnd(
            new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
            new ChainHash(BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(8))),
            new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(24))),
            new JournalTime(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(32))));
        return new StoredSnapshot(applied, BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(40)), bytes);
    }

    /// <summary>Restores both states; the user's has the stated hash, or the snapshot is refused.</summary>
    public static JournalState Restore(StoredSnapshot snapshot, IStateMachine state)
    {
        var parts = snapshot.Bytes.AsMemory(HeaderBytes, snapshot.Bytes.Length - HeaderBytes - ChecksumBytes);
        var journal = JournalState.Read(parts.Span, out var rest);
        Invariant.Check(journal.Applied == snapshot.Applied.Last, "a snapshot's journal part stands where its header says");
        state.Restore(parts[^rest.Length..]);
        Invariant.Check(state.Hash == snapshot.StateHash, "a restored state has the hash that the snapshot states");
        return journal;
    }
}
