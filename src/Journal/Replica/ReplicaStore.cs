using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Journal.Replica;

/// <summary>
/// One replica of one journal on disk. Guarantees: an entry is durable when the <see cref="Flush"/> after its append
/// returned; what is read is verified; opening finds every durable entry, or refuses with <see cref="JournalRefusedException"/>,
/// or (for a replica among several) rolls back and is not whole until it is told otherwise; it never begins anew where there was a journal.
/// Any <see cref="StorageFaultException"/> is final: end the process.
/// One thread at a time, not always the same. Beside it may run: work on <see cref="Snapshots"/>, and reading
/// (<see cref="ReadEntries"/>, <see cref="EndAt"/>), which however excludes whatever removes or adds segments:
/// <see cref="TrimTo"/>, <see cref="BeginSegment(Epoch, SequenceNumber)"/> and <see cref="StartAt"/>.
/// </summary>
public sealed class ReplicaStore : IDisposable
{
    private readonly IDisk _disk;
    private readonly SegmentOptions _options;
    private readonly ReplicaInspection _inspection;
    private readonly IDisposable _lock;
    private readonly OpenedSlots _slots;
    private readonly RetiredSegments _retired;
    private readonly JournalReader _reader;
    private SegmentWriter? _writer;
    private Watermark _mark;
    private JournalEnd _appendEnd;
    private ulong _flushedTail;

    private ReplicaStore(IDisk disk, SegmentOptions options, OpenedReplica opened)
    {
        _disk = disk;
        _inspection = opened.Inspection;
        _options = options with { DeviceFileBytes = _inspection.DeviceFileBytes };
        _lock = opened.Lock;
        _slots = opened.Slots;
        _retired = new RetiredSegments(disk, _inspection);
        _reader = new JournalReader(_inspection, opened.Journal.Segments);
        Promise = opened.Slots.Promise;
        Report = opened.Journal.Report;
        var end = opened.Journal.End;
        var newest = opened.Journal.Newest ?? new SegmentName(end.LastEpoch, end.Tail);
        _mark = opened.Slots.LastWatermark is { } noted && noted.Segment == newest ? noted with { Replaces = false } : new Watermark(newest, end.Last);
        MoveTo(end, end);
    }

    /// <summary>Whose directory it is.</summary>
    public ReplicaIdentity Identity => _inspection.Identity;

    /// <summary>The last entry appended.</summary>
    public JournalEnd End { get; private set; }

    /// <summary>The last entry that is durable.</summary>
    public JournalEnd FlushedEnd { get; private set; }

    /// <summary>The last durable entry that ends an append: where opening would come back to. What lies behind it cannot be committed yet.</summary>
    public JournalEnd FlushedAppendEnd { get; private set; }

    /// <summary>What the replica has promised, and whether it is whole; durable.</summary>
    public ReplicaPromise Promise { get; private set; }

    /// <summary>What opening found, for the operator.</summary>
    public IReadOnlyList<string> Report { get; private set; }

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
    /// <param name="closedEpochs">What the register says about reigns that have ended; what is known of them, for a replica among several.</param>
    /// <param name="policy">What to do about damaged content. After a roll back <see cref="Promise"/> is not whole, durably, and <see cref="Report"/> says why.</param>
    /// <param name="progress">Called now and then during a long verification, and once at its end.</param>
    /// <exception cref="JournalRefusedException">
    /// The directory is of another replica, foreign, held, of a newer format or without a whole identity; or its content is damaged and the policy is to refuse.
    /// </exception>
    public static ReplicaStore Open(
        string path,
        ReplicaIdentity expected,
        IDisk disk,
        SegmentOptions options,
        IReadOnlyList<ClosedEpoch> closedEpochs,
        DamagePolicy policy = DamagePolicy.Refuse,
        Action<RecoveryProgress>? progress = null)
    {
        var opened = ReplicaOpening.Open(path, expected, disk, closedEpochs, policy, progress);
        var store = new ReplicaStore(disk, options, opened);
        try
        {
            store.BindToWhatWasFound(opened);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the memory of the replica's acceptor; the caller disposes it before the store. A replica that was made before replicas had acceptors
    /// gets a fresh one as long as it holds nothing and has promised nothing: until then nobody can have counted on its vote.
    /// </summary>
    /// <exception cref="JournalRefusedException">The acceptor has lost its memory, or the replica is an old one in use. It must not vote.</exception>
    public AcceptorStore OpenAcceptor()
    {
        var isUntouched = Promise == ReplicaPromise.None && End.Last == SequenceNumber.None
            && _inspection.ListSegments().Count == 0 && Snapshots.List().Count == 0;
        if (!_inspection.HasAcceptor && isUntouched && AcceptorStore.Peek(_inspection.Paths.Acceptor, _disk, Identity.SlotOwner) is null)
        {
            AcceptorStore.Create(_inspection.Paths.Acceptor, _disk, Identity.SlotOwner);
        }

        return AcceptorStore.Open(_inspection.Paths.Acceptor, _disk, Identity.SlotOwner);
    }

    /// <summary>Begins a segment of a reign at the tail. Durable on return.</summary>
    public void BeginSegment(Epoch epoch) => BeginSegment(epoch, End.Tail);

    /// <summary>
    /// Begins a segment at <paramref name="start"/>, which clips: entries at or behind it do not count any more, and the journal ends before it.
    /// Durable on return; a crash leaves the journal as it was, or clipped. What other segments hold there is deleted, or set aside if the
    /// replica is not whole.
    /// </summary>
    /// <param name="epoch">The reign; not older than that of any segment or of the entry before <paramref name="start"/>. The same again after a restart.</param>
    /// <param name="start">
    /// The tail; or before it, behind an entry that ends an append, is held (<see cref="EndAt"/>), and is not behind what a snapshot covers.
    /// </param>
    /// <exception cref="EntryNotHeldException">The journal begins behind <paramref name="start"/>. Nothing was changed.</exception>
    public void BeginSegment(Epoch epoch, SequenceNumber start)
    {
        Invariant.Check(FlushedEnd == End, "a segment begins behind durable entries");
        Invariant.Check(start >= SequenceNumber.First && start <= End.Tail, "a segment begins within the journal or at its tail");
        var end = start == End.Tail ? End : EndAt(start.Previous);
        Invariant.Check(epoch >= end.LastEpoch && epoch >= _mark.Epoch, "reigns never go back");
        Invariant.Check(start == End.Tail || !IsCovered(start), "what a snapshot covers was committed, and the next start would come back to it");
        var appendEnd = start == End.Tail ? _appendEnd : end;
        CloseWriter();
        EndJournalAt(new Watermark(new SegmentName(epoch, start), appendEnd.Last) { BeforeStart = end.LastHash }, segment => segment.Start >= start, keep: !Promise.IsWhole);
        _writer = SegmentWriter.Create(_disk, _inspection.Paths.Segments, _mark.Segment, _options);
        _reader.Add(_mark.Segment);
        MoveTo(end, appendEnd);
    }

    /// <summary>
    /// The journal now begins behind a snapshot that was received, and ends there until a segment is begun. Durable on return; a crash leaves
    /// the journal as it was, or begun anew. All segments are set aside; a whole replica that held less than the snapshot covers deletes them.
    /// </summary>
    /// <remarks>
    /// Where the segments contradict the snapshot, because what they hold is of another history, a crash between its arrival and the end of this
    /// call leaves a replica that begins at the snapshot and is not whole: the next start cannot know which of the two is right.
    /// </remarks>
    /// <param name="snapshot">The newest whole one of <see cref="Snapshots"/>. What is held behind its position is given up.</param>
    public void StartAt(SnapshotHeader snapshot)
    {
        Invariant.Check(Snapshots.FindNewest(_ => { }) == snapshot, "a journal begins behind its newest snapshot, which is whole on disk");
        var keep = !Promise.IsWhole || End.Last > snapshot.Applied.Last;
        CloseWriter();
        var start = new Watermark(new SegmentName(snapshot.Applied.LastEpoch, snapshot.Applied.Tail), snapshot.Applied.Last) { BeforeStart = snapshot.Applied.LastHash };
        EndJournalAt(start, _ => true, keep);
        _reader.Clear();
        MoveTo(snapshot.Applied, snapshot.Applied);
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
        Invariant.Check(header.Epoch >= End.LastEpoch, "reigns never go back");
        _writer.Append(encodedEntry);
        End = JournalEnd.Behind(header, hash);
        _appendEnd = header.EndsAppend ? End : _appendEnd;
    }

    /// <summary>On return every appended entry is durable: one write and one data sync in the common case.</summary>
    public void Flush()
    {
        _writer?.Flush();
        FlushedEnd = End;
        FlushedAppendEnd = _appendEnd;
        Volatile.Write(ref _flushedTail, End.Tail.Value);
    }

    /// <summary>
    /// Notes what this replica acknowledges, at or below <see cref="FlushedEnd"/>: before it tells a writer, or answers for itself. Not synced
    /// (see <see cref="Watermark"/>). Of an append that is not complete nothing is noted: it cannot be committed, and opening clips it.
    /// </summary>
    public void WriteWatermark(SequenceNumber acknowledged)
    {
        Invariant.Check(acknowledged <= FlushedEnd.Last, "what is acknowledged is durable here");
        var whole = FlushedAppendEnd.Last;
        Span<byte> bytes = stackalloc byte[Watermark.SlotBytesMax];
        var length = (_mark with { Acknowledged = acknowledged < whole ? acknowledged : whole }).Write(bytes);
        _slots.WatermarkSlots.WriteLazily(bytes[..length]);
    }

    /// <summary>Durable on return. Whether the replica is whole is not for a promise to change (<see cref="MarkWhole"/>).</summary>
    public void WritePromise(ReplicaPromise promise)
    {
        Invariant.Check(promise.Epoch >= Promise.Epoch, "a promise never goes back");
        Invariant.Check(promise.Epoch > Promise.Epoch || promise.IsSealed || !Promise.IsSealed, "a seal is for ever");
        Invariant.Check(promise.IsWhole == Promise.IsWhole, "a promise makes no replica whole");
        _slots.PromiseSlots.WriteDurably(PromiseSlot.ToBytes(promise));
        Promise = promise;
    }

    /// <summary>
    /// The replica holds again everything that it may ever have acknowledged. Durable on return; then what was set aside is deleted, by the next
    /// start if this one is interrupted. No effect on a whole replica.
    /// </summary>
    public void MarkWhole()
    {
        Invariant.Check(FlushedEnd == End, "only what is durable makes a replica whole");
        if (Promise.IsWhole)
        {
            return;
        }

        var whole = Promise with { IsWhole = true };
        _slots.PromiseSlots.WriteDurably(PromiseSlot.ToBytes(whole));
        Promise = whole;
        _retired.DeleteSetAside();
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

    /// <summary>The end of the journal behind the durable entry at <paramref name="position"/>: its reign and hash, read and verified from disk.</summary>
    /// <param name="position"><see cref="SequenceNumber.None"/> for the end of the empty journal; a snapshot's position will do without its entry.</param>
    /// <exception cref="EntryNotHeldException">It is not here.</exception>
    /// <exception cref="JournalRefusedException">It was, and is damaged now.</exception>
    public JournalEnd EndAt(SequenceNumber position)
    {
        if (TryEndAt(position) is { } end)
        {
            return end;
        }

        var durable = new SequenceNumber(Volatile.Read(ref _flushedTail));
        throw new EntryNotHeldException(position, _reader.Head(durable), durable.Previous);
    }

    /// <summary>As <see cref="EndAt"/>; null if it is not here.</summary>
    /// <exception cref="JournalRefusedException">It was, and is damaged now.</exception>
    public JournalEnd? TryEndAt(SequenceNumber position) =>
        position == SequenceNumber.None ? JournalEnd.Empty(Identity.Journal)
        : position.Value >= Volatile.Read(ref _flushedTail) ? null
        : _reader.EndAt(position) ?? Snapshots.TryReadHeader(position)?.Applied;

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
        _slots.Dispose();
        _lock.Dispose();
    }

    // What a start found it speaks for from now on, and it must not find something else the next time.
    private void BindToWhatWasFound(OpenedReplica opened)
    {
        if (opened.Journal.Damage is not null)
        {
            // Behind the place that it was rolled back to nothing counts any more: not what an earlier segment still has of a clipped time either,
            // once those that took over from it are set aside.
            // What was acknowledged stays noted: a start of the replica alone must go on to refuse.
            var acknowledged = opened.Slots.LastWatermark is { } before && before.Acknowledged > End.Last ? before.Acknowledged : End.Last;
            var end = new Watermark(new SegmentName(_mark.Epoch, End.Tail), acknowledged) { BeforeStart = End.LastHash };
            var setAside = EndJournalAt(end, segment => segment.Start >= End.Tail || opened.Journal.RolledBack.Contains(segment), keep: true);
            Report = [.. Report, .. setAside];
        }
        else if (opened is { Slots.LastWatermark: { } mark, Journal.Newest: { } newest } && (mark.Segment != newest || mark.Acknowledged < End.Last))
        {
            WriteWatermarkDurably(_mark with { Acknowledged = mark.Acknowledged < End.Last ? End.Last : mark.Acknowledged });
        }
    }

    private void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private void WriteWatermarkDurably(Watermark watermark)
    {
        Span<byte> bytes = stackalloc byte[Watermark.SlotBytesMax];
        var length = watermark.Write(bytes);
        _slots.WatermarkSlots.WriteDurably(bytes[..length]);
        _mark = watermark with { Replaces = false };
    }

    // From its first durable write on, the journal ends before the segment that the watermark names; the rest is made good by whoever opens.
    private List<string> EndJournalAt(Watermark watermark, Predicate<SegmentName> isSuperseded, bool keep)
    {
        var segments = _inspection.ListSegments();
        var replaces = segments.Contains(watermark.Segment);
        WriteWatermarkDurably(watermark with { Replaces = replaces });
        List<string> done = [.. segments.Where(segment => isSuperseded(segment)).OrderDescending().Select(superseded => _retired.Retire(superseded, keep))];
        if (replaces)
        {
            // The name is free again: the next directory of it is the one that is meant.
            WriteWatermarkDurably(watermark);
        }

        return done;
    }

    // A damaged snapshot counts too: it was taken of what was committed.
    private bool IsCovered(SequenceNumber position) => Snapshots.List().Any(applied => applied >= position && applied <= End.Last);

    private void MoveTo(JournalEnd end, JournalEnd appendEnd)
    {
        End = FlushedEnd = end;
        FlushedAppendEnd = _appendEnd = appendEnd;
        Volatile.Write(ref _flushedTail, end.Tail.Value);
    }
}
