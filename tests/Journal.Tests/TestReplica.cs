using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Slots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Tests;

/// <summary>A replica in a temporary directory, and the entries that were appended to it.</summary>
internal sealed class TestReplica : IDisposable
{
    public static readonly ReplicaIdentity Identity = new(new ClusterId(1), new JournalId(2), new ReplicaId(3));

    /// <summary>Small files, filled when needed: quick, and the same operations in the same order each time.</summary>
    public static readonly SegmentOptions Small = new()
    {
        DeviceFileBytes = SegmentLayout.PageBytes,
        PreallocationStepBytes = 64 * 1024,
        PreallocateInBackground = false,
    };

    private readonly TemporaryDirectory? _directory;

    public TestReplica(IDisk? disk = null)
    {
        _directory = new TemporaryDirectory();
        Path = _directory.Combine("replica");
        Disk = disk ?? new PhysicalDisk();
        ReplicaStore.Create(Path, Identity, new PhysicalDisk(), Small);
    }

    /// <summary>A copy of <paramref name="template"/>, which must not be open, inside a directory of the caller's.</summary>
    public TestReplica(TestReplica template, TemporaryDirectory directory, IDisk disk)
    {
        Path = directory.Combine("replica");
        Disk = disk;
        Written = template.Written;
        foreach (var source in Directory.GetFiles(template.Path, "*", SearchOption.AllDirectories))
        {
            var copy = source.Replace(template.Path, Path, StringComparison.Ordinal);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(source, copy);
        }

        Directory.CreateDirectory(Paths.Segments);
        Directory.CreateDirectory(Paths.Snapshots);
    }

    public IDisk Disk { get; }

    public string Path { get; }

    /// <summary>The history: the entry at each position that was appended last, from position 1 on.</summary>
    public List<ChainedEntry> Written { get; init; } = [];

    public ReplicaPaths Paths => new(Path);

    public EntryChain Chain { get; set; } = new(Identity.Journal);

    public ReplicaStore Open(params ClosedEpoch[] closed) => ReplicaStore.Open(Path, Identity, Disk, Small, closed);

    /// <summary>Opens as a replica among several does.</summary>
    public ReplicaStore OpenAmongSeveral(params ClosedEpoch[] closed) =>
        ReplicaStore.Open(Path, Identity, Disk, Small, closed, DamagePolicy.RollBack);

    public JournalRefusedException Refusal(params ClosedEpoch[] closed) =>
        Assert.Throws<JournalRefusedException>(() => Open(closed).Dispose());

    /// <summary>Opens, appends <paramref name="entries"/> entries in one flush each, notes them as committed, and closes.</summary>
    public void Write(ulong epoch, int entries, int payloadBytes = 100, bool watermark = true, params ClosedEpoch[] closed)
    {
        using var store = Open(closed);
        Begin(store, epoch);
        Append(store, entries, payloadBytes, watermark);
    }

    public void Begin(ReplicaStore store, ulong epoch) => Begin(store, epoch, store.End.Tail.Value);

    public void Begin(ReplicaStore store, ulong epoch, ulong start)
    {
        store.BeginSegment(new Epoch(epoch), new SequenceNumber(start));
        Chain = new EntryChain(Identity.Journal, store.End) { Epoch = new Epoch(epoch) };
    }

    public ChainedEntry Append(ReplicaStore store, int payloadBytes = 100, bool endsAppend = true)
    {
        var entry = Chain.Next(payloadBytes, endsAppend);
        store.Append(entry.Header, entry.Encoded, entry.Hash);
        var index = (int)entry.Header.Sequence.Value - 1;
        if (index <= Written.Count)
        {
            Written.RemoveRange(index, Written.Count - index);
            Written.Add(entry);
        }

        return entry;
    }

    /// <summary>Appends entries in one flush each, and acknowledges each.</summary>
    public void Append(ReplicaStore store, int entries, int payloadBytes, bool watermark)
    {
        for (var i = 0; i < entries; i++)
        {
            Append(store, payloadBytes);
            store.Flush();
            if (watermark)
            {
                store.WriteWatermark(store.FlushedEnd.Last);
            }
        }
    }

    /// <summary>Reads everything that the store says it holds, and compares it with what was written.</summary>
    public void AssertHoldsOnlyHistory(ReplicaStore store)
    {
        var next = store.Head;
        store.ReadEntries(next, store.End.Tail, (in ScannedEntry entry) =>
        {
            Assert.Equal(next, entry.Header.Sequence);
            Assert.Equal(Written[(int)next.Value - 1].Encoded, entry.Encoded.ToArray());
            next = next.Next;
            return true;
        });
        Assert.Equal(store.End.Tail, next);
        Assert.Equal(EndAt(store.End.Last.Value), store.End);
    }

    /// <summary>The end behind an entry of the history.</summary>
    public JournalEnd EndAt(ulong position) => position == 0
        ? JournalEnd.Empty(Identity.Journal)
        : JournalEnd.Behind(Written[(int)position - 1].Header, Written[(int)position - 1].Hash);

    /// <summary>Gives the store what it lacks of the history, as a writer of <paramref name="epoch"/> does.</summary>
    public void CatchUp(ReplicaStore store, ulong epoch)
    {
        store.BeginSegment(new Epoch(epoch));
        foreach (var entry in Written.Skip((int)store.End.Last.Value))
        {
            store.Append(entry.Header, entry.Encoded, entry.Hash);
        }

        store.Flush();
        store.WriteWatermark(store.FlushedEnd.Last);
    }

    /// <summary>Makes the replica, which must not be open, one that was rolled back before.</summary>
    public void LoseWholeness(ulong epoch)
    {
        using var slots = SlotPair.Open(new PhysicalDisk(), Paths.Promise, PromiseSlot.SlotKind, PromiseSlot.SlotBytesMax, out _);
        slots.WriteDurably(PromiseSlot.ToBytes(new ReplicaPromise(new Epoch(epoch), IsSealed: false, IsWhole: false)));
    }

    /// <summary>Names of the segments' directories.</summary>
    public IEnumerable<string?> SegmentNames() => Directory.GetDirectories(Paths.Segments).Select(System.IO.Path.GetFileName).Order();

    public string SegmentFile(ulong epoch, ulong start, int index = 0) =>
        System.IO.Path.Combine(Paths.Segments, $"{epoch}-{start}", SegmentLayout.FileName(index));

    /// <summary>Changes bytes of a file as a fault of the disk would.</summary>
    public static void Overwrite(string file, long offset, params byte[] bytes)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = offset;
        stream.Write(bytes);
    }

    public static void FlipBit(string file, long offset, int bit = 0)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = offset;
        var b = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(b ^ (1 << bit)));
    }

    /// <summary>Byte position of the frame of the entry numbered <paramref name="index"/> (from 0), all of the same size.</summary>
    public static long FrameOffset(int index, int payloadBytes = 100) =>
        SegmentLayout.FirstAddress + ((long)index * SegmentLayout.FrameBytes(Primitives.Entries.EntryCodec.EncodedLength(payloadBytes)));

    public void Dispose() => _directory?.Dispose();
}
