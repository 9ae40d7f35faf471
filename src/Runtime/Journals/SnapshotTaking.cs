using System.Buffers;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;

namespace ControlPlane.Runtime.Journals;

/// <summary>A snapshot that was published.</summary>
/// <param name="Position">Last position that it covers.</param>
/// <param name="Bytes">Its payload.</param>
/// <param name="StateHash">Hash of the user's state in it.</param>
public readonly record struct SnapshotTaken(SequenceNumber Position, long Bytes, UInt128 StateHash);

/// <summary>Writes a snapshot, restores it from disk, and publishes it only if what came back is what went in.</summary>
internal static class SnapshotTaking
{
    /// <summary>Any thread, one at a time for each journal.</summary>
    /// <param name="engine">The journal.</param>
    /// <param name="state">The journal's part.</param>
    /// <param name="end">Where both parts stand.</param>
    /// <param name="stateHash">Hash of the user's state.</param>
    /// <param name="write">Writes the user's part.</param>
    /// <param name="rehearse">Restores from it and returns the hash of what came back.</param>
    public static SnapshotTaken Take(
        JournalEngine engine,
        JournalState state,
        JournalEnd end,
        UInt128 stateHash,
        Action<IBufferWriter<byte>> write,
        Func<SnapshotReader, UInt128> rehearse)
    {
        using var writer = engine.Snapshots.Begin(end, stateHash);
        var buffer = new SnapshotBuffer(writer);
        SnapshotPayload.WriteJournalState(state, buffer);
        write(buffer);
        buffer.Flush();
        using (var reader = writer.Complete())
        {
            var restored = SnapshotPayload.ReadJournalState(reader);
            Invariant.Check(restored.Applied == end.Last, "a snapshot's journal part comes back as it was");
            Invariant.Check(rehearse(reader) == stateHash, "a snapshot is published only after it was restored to the same hash");
        }

        writer.Publish();
        engine.Snapshots.DeleteOld(_ => { });
        return new SnapshotTaken(end.Last, buffer.BytesWritten, stateHash);
    }
}
