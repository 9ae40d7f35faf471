using System.Buffers;
using System.Buffers.Binary;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;

namespace ControlPlane.Runtime.Journals;

/// <summary>A snapshot's payload: u32 length of the journal's part, little-endian; the journal's part; the user's part to the end.</summary>
public static class SnapshotPayload
{
    /// <summary>Writes the journal's part, which comes first.</summary>
    public static void WriteJournalState(JournalState state, IBufferWriter<byte> destination)
    {
        var part = new ArrayBufferWriter<byte>();
        state.Write(part);
        BinaryPrimitives.WriteInt32LittleEndian(destination.GetSpan(sizeof(int)), part.WrittenCount);
        destination.Advance(sizeof(int));
        destination.Write(part.WrittenSpan);
    }

    /// <summary>Reads the journal's part from a reader at its beginning, which then stands at the user's part.</summary>
    public static JournalState ReadJournalState(SnapshotReader source)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        ReadExactly(source, length);
        var part = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        ReadExactly(source, part);
        var state = JournalState.Read(part, out var rest);
        Invariant.Check(rest.IsEmpty, "a snapshot's journal part is read to its end");
        return state;
    }

    private static void ReadExactly(SnapshotReader source, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var read = source.Read(destination);
            Invariant.Check(read > 0, "a verified snapshot holds its journal part");
            destination = destination[read..];
        }
    }
}
