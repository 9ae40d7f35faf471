using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Slots;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// One replica of one journal on disk. Guarantees: an entry is durable when the <see cref="Flush"/> after its append
/// returned; what is read is verified; opening finds every durable entry or refuses with <see cref="JournalRefusedException"/>,
/// and never begins anew where there was a journal. Any <see cref="StorageFaultException"/> is final: end the process.
/// One thread at a time, not always the same. Beside it may run: work on <see cref="Snapshots"/>, and one
/// <see cref="ReadEntries"/>, which however excludes <see cref="TrimTo"/> and <see cref="BeginSegment"/>.
/// </summary>
public sealed class ReplicaStore : IDisposable
{
    private readonly IDisk _disk;
    private readonly SegmentOptions _options;
    private readonly ReplicaInspection _inspection;
    private readonly IDisposable _lock;
    private readonly SlotPair _promiseSlots;
    private readonly SlotPair _watermarkSlots;
    private readonly JournalReader _reader;
    private SegmentWriter? _writer;
    private ulong _flushedTail;

    private ReplicaStore(IDisk disk, SegmentOptions options, ReplicaInspection inspection, IDisposable held, OpenedSlots slots, RecoveredJournal recovered)
    {
        _disk = disk;
        _options = options with { DeviceFileBytes = inspection.DeviceFileBytes };
        _inspection = inspection;
        _lock = held;
        _promiseSlots = slots.PromiseSlots;
        _watermarkSlots = slots.WatermarkSlots;
        Promise = slots.Promise;
        _reader = new JournalReader(inspection, recovered.Segments);
        Report = recovered.Report;
        End = recovered.End;
        FlushedEnd = recovered.End;
        _flushedTail = FlushedEnd.Tail.Value;
    }

    /// <summary>Whose directory it is.</summary>
    public ReplicaIdentity Identity => _inspection.Identity;

    /// <summary>The last entry appended.</summary>
    public JournalEnd End { get; private set; }

    /// <summary>The last entry that is durable.</summary>
    public JournalEnd FlushedEnd { get; private set; }

    /// <summary>What the replica has promised; durable.</summary>
    public Promise Promise { get; private set; }

    /// <summary>What opening found, for the operator.</summary>
    public IReadOnlyList<string> Report { get; }

    /// <summary>The snapshots. May be used from another thread than the store.</summary>
    public SnapshotDirectory Snapshots => _inspection.Snapshots;

    /// <summary>The first position whose entry is kept.</summary>
    public SequenceNumber Head => _reader.Head(End.Tail);

    /// <summary>Makes the directory of a new replica; refuses one that holds anything else.</summary>
    public static void Create(string path, ReplicaIdentity identity, IDisk disk, SegmentOptions options) =>
        ReplicaCreation.Create(disk, new ReplicaPaths(path), identity, options);

    /// <summary>Opens a replica, verifies its journal behind the newest whole snapshot, and takes its lock.</summary>
    /// <param name="path">Its directory.</param>
    /// <param name="expected">Whose directory it must be.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="options">Sizes; the device files' size is what it was at creation.</param>
    /// <param name="closedEpochs">What the register says about reigns that have ended.</param>
    /// <param name="progress">Called now and then during a long verification, and once at its end.</param>
    public static ReplicaStore Open(
        string path,
        ReplicaIdentity expected,
        IDisk disk,
        SegmentOptions options,
        IReadOnlyList<ClosedEpoch> closedEpochs,
        Action<RecoveryProgress>? progress = null)
    {
        var inspection = ReplicaInspection.Open(path, disk);
        if (inspection.Identity != expected)
        {
            throw new JournalRefusedException(
                RefusalReason.WrongIdentity, $"{inspection.Paths.Identity} is of {inspection.Identity}; expected {expected}");
        }

        var held = disk.TryLock(inspection.Paths.Lock)
            ?? throw new JournalRefusedException(RefusalReason.Locked, $"another process holds {inspection.Paths.Lock}");
        OpenedSlots? slots = null;
        try
        {
            var report = new List<string>();
            UnfinishedWork.Remove(disk, inspection);
            slots = OpenedSlots.Open(disk, inspection, report);
            var snapshot = inspection.Snapshots.FindNewest(report.Add);
            var recovered = new JournalRecovery(inspection, closedEpochs, slots.LastWatermark, progress).Run(snapshot);
            return new ReplicaStore(disk, options, inspection, held, slots, recovered with { Report = [.. report, .. recovered.Report] });
        }
        catch
        {
            slots?.PromiseSlots.Dispose();
            slots?.WatermarkSlots.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Begins the segment of a new reign at the tail. Durable on return.</summary>
    public void BeginSegment(Epoch epoch)
    {
        Invariant.Check(epoch > End.LastEpoch, "a reign begins after every entry of the one before");
        Invariant.Check(FlushedEnd == End, "a segment begins behind durable entries");
        _writer?.Dispose();
        _writer = SegmentWriter.Create(_disk, _inspection.Paths.Segments, new SegmentName(epoch, End.Tail), _options);
        _reader.Add(_writer.Name);
    }

    /// <summary>Appends one entry behind <see cref="End"/>; durable after <see cref="Flush"/>.</summary>
    /// <param name="header">The entry's header.</param>
    /// <param name="encodedEntry">Header and payload as <see cref="EntryCodec.Write"/> made them; not kept.</param>
    /// <param name="hash">What <see cref="EntryCodec.Write"/> returned.</param>
    public void Append(in EntryHeader header, ReadOnlySpan<byte> encodedEntry, ChainHash hash)
    {
        Invariant.Check(_writer is not null, "a segment has begun");
        Invariant.Check(header.Sequence == End.Tail, "entries are dense");
        Invariant.Check(header.PreviousHash == End.LastHash, "entries are chained");
        Invariant.Check(header.Epoch <= _writer.Name.Epoch, "a segment holds no entry of a later reign");
        _writer.Append(encodedEntry);
        End = JournalEnd.Behind(header, hash);
    }

    /// <summary>On return every appended entry is durable: one write and one data sync in the common case.</summary>
    public void Flush()
    {
        _writer?.Flush();
        FlushedEnd = End;
        Volatile.Write(ref _flushedTail, End.Tail.Value);
    }

    /// <summary>Notes a committed position, at or below <see cref="FlushedEnd"/>. Not synced (see <see cref="Watermark"/>).</summary>
    public void WriteWatermark(Watermark watermark)
    {
        Invariant.Check(watermark.Committed <= FlushedEnd.Last, "what is committed here is durable here");
        Span<byte> bytes = stackalloc byte[Watermark.SlotBytes];
        watermark.Write(bytes);
        _watermarkSlots.WriteLazily(bytes);
    }

    /// <summary>Durable on return.</summary>
    public void WritePromise(Promise promise)
    {
        Invariant.Check(promise.Promised >= Promise.Promised, "a promise never goes back");
        _promiseSlots.WriteDurably(promise.ToBytes());
        Promise = promise;
    }

    /// <summary>
    /// Shows the durable entries of <c>[from, toExclusive)</c> in order, each verified on its way from disk. Returns the
    /// position behind the last one shown: less than asked if the visitor ended it or the journal ends earlier.
    /// </summary>
    /// <param name="from">At least <see cref="Head"/>.</param>
    /// <param name="toExclusive">The end of the range.</param>
    /// <param name="visit">Sees the entries.</param>
    public SequenceNumber ReadEntries(SequenceNumber from, SequenceNumber toExclusive, EntryVisitor visit)
    {
        var durable = new SequenceNumber(Volatile.Read(ref _flushedTail));
        return _reader.Read(from, toExclusive < durable ? toExclusive : durable, visit);
    }

    /// <summary>
    /// Deletes device files and segments all of whose entries lie below <paramref name="below"/> and below the newest
    /// whole snapshot, and the oldest snapshots. Entries are kept longer than asked, never shorter. Returns the new head.
    /// </summary>
    public SequenceNumber TrimTo(SequenceNumber below) =>
        new JournalTrim(_disk, _inspection, _reader).TrimTo(below, End.Tail);

    /// <summary>Closes the files and gives the lock back. What was not flushed may be lost.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        _promiseSlots.Dispose();
        _watermarkSlots.Dispose();
        _lock.Dispose();
    }
}
