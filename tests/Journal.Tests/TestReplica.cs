using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;

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

    private readonly TemporaryDirectory _directory = new();

    public TestReplica(IDisk? disk = null)
    {
        Disk = disk ?? new PhysicalDisk();
        ReplicaStore.Create(Path, Identity, new PhysicalDisk(), Small);
    }

    public IDisk Disk { get; }

    public string Path => _directory.Combine("replica");

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

    public static void FlipBit(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = offset;
        var b = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)(b ^ 1));
    }

    /// <summary>Byte position of the frame of the entry numbered <paramref name="index"/> (from 0), all of the same size.</summary>
    public static long FrameOffset(int index, int payloadBytes = 100) =>
        SegmentLayout.FirstAddress + ((long)index * SegmentLayout.FrameBytes(Primitives.Entries.EntryCodec.EncodedLength(payloadBytes)));

    public void Dispose() => _directory.Dispose();
}
