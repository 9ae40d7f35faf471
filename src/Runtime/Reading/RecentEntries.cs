using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Reading;

/// <summary>
/// The newest entries of a journal in memory, encoded, for readers that follow the tail: they never touch the disk. Bounded in
/// bytes; the oldest chunk goes when a new one is needed. Written by the loop, read by any thread; a read copies under the lock.
/// </summary>
public sealed class RecentEntries
{
    private const int ChunkBytes = 1 << 20;
    private const int ChunksMax = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<Chunk> _chunks = [];

    /// <summary>First position held; the next to come if nothing is held.</summary>
    public SequenceNumber First { get; private set; } = SequenceNumber.First;

    /// <summary>Adds the next entry.</summary>
    public void Add(SequenceNumber sequence, ReadOnlySpan<byte> encodedEntry)
    {
        lock (_lock)
        {
            var chunk = _chunks.Last?.Value;
            if (chunk is null || !chunk.HasRoom(encodedEntry.Length))
            {
                chunk = NewChunk(sequence, encodedEntry.Length);
            }

            Invariant.Check(sequence == chunk.Next, "recent entries are dense");
            chunk.Add(encodedEntry);
        }
    }

    /// <summary>Forgets everything: what comes next does not follow on it.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _chunks.Clear();
        }
    }

    /// <summary>
    /// Shows entries from <paramref name="from"/> up to <paramref name="toExclusive"/> until <paramref name="visit"/> says no.
    /// False if <paramref name="from"/> is no longer (or not yet) held: read the disk.
    /// </summary>
    public bool TryVisit(SequenceNumber from, SequenceNumber toExclusive, Func<ReadOnlyMemory<byte>, bool> visit)
    {
        lock (_lock)
        {
            if (_chunks.Last is not { } last || from < First || from >= last.Value.Next)
            {
                return false;
            }

            for (var node = _chunks.First; node is not null; node = node.Next)
            {
                for (; from < node.Value.Next && from >= node.Value.First; from = from.Next)
                {
                    if (from >= toExclusive || !visit(node.Value[from]))
                    {
                        return true;
                    }
                }
            }

            return true;
        }
    }

    private Chunk NewChunk(SequenceNumber sequence, int bytes)
    {
        var chunk = new Chunk(sequence, Math.Max(ChunkBytes, bytes));
        _chunks.AddLast(chunk);
        if (_chunks.Count > ChunksMax)
        {
            _chunks.RemoveFirst();
        }

        First = _chunks.First!.Value.First;
        return chunk;
    }

    private sealed class Chunk(SequenceNumber first, int capacity)
    {
        private readonly byte[] _bytes = new byte[capacity];
        private readonly List<int> _ends = [];

        public SequenceNumber First { get; } = first;

        public SequenceNumber Next => First.Plus((ulong)_ends.Count);

        private int Used => _ends.Count == 0 ? 0 : _ends[^1];

        public ReadOnlyMemory<byte> this[SequenceNumber sequence]
        {
            get
            {
                var index = (int)(sequence.Value - First.Value);
                var start = index == 0 ? 0 : _ends[index - 1];
                return _bytes.AsMemory(start, _ends[index] - start);
            }
        }

        public bool HasRoom(int bytes) => Used + bytes <= _bytes.Length;

        public void Add(ReadOnlySpan<byte> entry)
        {
            entry.CopyTo(_bytes.AsSpan(Used));
            _ends.Add(Used + entry.Length);
        }
    }
}
