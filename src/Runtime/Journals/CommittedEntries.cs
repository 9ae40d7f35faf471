using System.Buffers;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Reading what is committed: from memory while it is recent, from disk otherwise. Any thread. Whoever removes or adds segments excludes
/// readers of the disk by <see cref="Exclusive"/>; these give way after every <see cref="DiskEntriesMax"/> entries.
/// </summary>
internal sealed class CommittedEntries(ReplicaStore store, RecentEntries recent, CommitSignal signal)
{
    private const int DiskEntriesMax = 1_024;

    private readonly Lock _disk = new();
    private long _head = (long)store.Head.Value;

    /// <summary>First position that can be read.</summary>
    public SequenceNumber Head => new((ulong)Volatile.Read(ref _head));

    /// <summary>See <see cref="JournalEngine.Read"/>.</summary>
    public SequenceNumber Read(SequenceNumber from, EntryReader visit)
    {
        if (from < Head)
        {
            throw new PositionTrimmedException(from, Head);
        }

        var end = signal.Committed.Next;
        while (from < end)
        {
            var asked = from;
            var goOn = true;
            bool Show(ReadOnlyMemory<byte> encoded)
            {
                goOn = visit(new CommittedEntry(encoded));
                from = from.Next;
                return goOn;
            }

            if (!recent.TryVisit(from, end, Show))
            {
                from = ReadFromDisk(from, end, visit, out goOn);
            }

            if (!goOn || from == asked)
            {
                break;
            }
        }

        return from;
    }

    /// <summary>Runs what removes or adds segments, with no reader at the disk; the head is looked up again behind it.</summary>
    public T Exclusive<T>(Func<T> change)
    {
        lock (_disk)
        {
            var result = change();
            Volatile.Write(ref _head, (long)store.Head.Value);
            return result;
        }
    }

    private SequenceNumber ReadFromDisk(SequenceNumber from, SequenceNumber end, EntryReader visit, out bool goOn)
    {
        var some = from.Plus(DiskEntriesMax);
        var limit = some < end ? some : end;
        lock (_disk)
        {
            if (from < Head)
            {
                throw new PositionTrimmedException(from, Head);
            }

            var continues = true;
            var buffer = ArrayPool<byte>.Shared.Rent(EntryCodec.EncodedLength(EntryLimits.PayloadBytesMax));
            try
            {
                var next = store.ReadEntries(from, limit, (in ScannedEntry entry) =>
                {
                    entry.Encoded.CopyTo(buffer);
                    continues = visit(new CommittedEntry(buffer.AsMemory(0, entry.Encoded.Length)));
                    return continues;
                });
                goOn = continues;
                return next;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
