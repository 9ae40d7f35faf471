using ControlPlane.CrashExplorer.Histories;
using ControlPlane.CrashExplorer.Images;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>
/// Runs a workload's steps on the real storage, on a recorded disk in memory, and keeps the ledger beside it. Every step says first what it is
/// about to do, then does it, then says what was told.
/// </summary>
internal sealed class WorkloadRun
{
    private static int _runs;
    private readonly LedgerBook _book = new();
    private readonly DiskImage _start = Stage.NewImage();
    private readonly RecordingDisk _recorder;
    private readonly FaultInjectingDisk _faults;
    private readonly IDisk _disk;
    private readonly List<byte[]> _encoded = [];
    private ReplicaStore? _store;
    private AcceptorStore? _acceptor;
    private FileConfigRegister? _register;
    private EntrySource? _source;
    private DamagePolicy _policy;

    private WorkloadRun(Workload workload, ReplicaIdentity identity, Func<IDisk, IDisk> layer)
    {
        Workload = workload;
        Identity = identity;
        _policy = workload.IsAmongSeveral ? DamagePolicy.RollBack : DamagePolicy.Refuse;
        Live = new ImageDisk(_start.Fork());
        _recorder = new RecordingDisk(Live);
        _faults = new FaultInjectingDisk(_recorder);
        _disk = layer(_faults);
    }

    public Workload Workload { get; }

    /// <summary>Told apart from every other run of this process.</summary>
    public int Number { get; } = Interlocked.Increment(ref _runs);

    public ReplicaIdentity Identity { get; }

    public LedgerBook Book => _book;

    /// <summary>Everything that was changed, once the run has ended.</summary>
    public History History { get; private set; } = null!;

    /// <summary>The fault that ended the run; null if it came to its end.</summary>
    public StorageFaultException? Stopped { get; private set; }

    /// <summary>Why the run itself shows a bug; null if it does not.</summary>
    public string? Failure { get; private set; }

    /// <summary>How many changes to the disk were asked for, failed ones included.</summary>
    public int ChangesAsked { get; private set; }

    public ReplicaStore Store => _store ?? throw new InvalidOperationException("The replica is not open.");

    public IDisk Disk => _disk;

    private ImageDisk Live { get; }

    private Ledger Now => _book.Last;

    private SegmentOptions Options => Stage.OptionsOf(Workload);

    /// <param name="workload">What to do.</param>
    /// <param name="rule">Faults of the disk; null: none. A fault ends the run, as it ends the process.</param>
    /// <param name="layer">A disk between the storage and the recorded one: how a deliberate bug is put in.</param>
    /// <param name="identity">Whose replica it is.</param>
    public static WorkloadRun Of(
        Workload workload, Func<DiskOperation, DiskFault?>? rule = null, Func<IDisk, IDisk>? layer = null, ReplicaIdentity? identity = null)
    {
        var run = new WorkloadRun(workload, identity ?? Stage.Identity, layer ?? (disk => disk));
        run._faults.Rule = rule;
        try
        {
            workload.Script(run);
        }
        catch (StorageFaultException fault)
        {
            run.Stopped = fault;
        }
        catch (Exception broken) when (broken is InvariantViolationException or JournalRefusedException or WorkloadBrokenException)
        {
            run.Failure = $"{broken.GetType().Name} while it ran: {broken.Message}";
        }

        run.ChangesAsked = run._faults.Completed.Count(operation => FaultInjectingDisk.ChangesTheDisk(operation.Kind));
        run._faults.Rule = FaultInjectingDisk.StopBefore(0);
        run.Abandon();
        run.History = History.Of(run._start, run._recorder.Changes);
        return run;
    }

    public void Create()
    {
        ReplicaStore.Create(Stage.Replica, Identity, _disk, Options);
        Note(ledger => ledger with { IsCreated = true });
    }

    public void Open()
    {
        _store = ReplicaStore.Open(Stage.Replica, Identity, _disk, Options, Now.Closed, _policy);
        Note(AfterOpening);
        _acceptor = _store.OpenAcceptor();
        Note(ledger => ledger with { Acceptors = [AcceptorText.Of(_acceptor.State)] });
    }

    public void Close() => Abandon();

    public void Restart()
    {
        Close();
        Open();
    }

    /// <summary>The process is killed after it has made so many changes within a step; what it wrote is still there, synced or not. Then it starts again.</summary>
    public void Killed(int afterChanges, Action step)
    {
        _faults.Rule = FaultInjectingDisk.StopBefore(afterChanges);
        try
        {
            step();
        }
        catch (StorageFaultException)
        {
            // That was the kill.
        }

        Abandon();
        _faults.Rule = null;
        Open();
    }

    public void Begin(ulong epoch) => Begin(epoch, Store.End.Tail.Value);

    public void Begin(ulong epoch, ulong start)
    {
        var clipped = Now.Journals.Select(claim => CutBefore(claim, start)).ToArray();
        Note(ledger => ledger with { Journals = [.. ledger.Journals, .. clipped] });
        Store.BeginSegment(new Epoch(epoch), new SequenceNumber(start));
        Note(ledger => ledger with { Journals = [clipped[0]] });
        _source = new EntrySource(Identity.Journal, Store.End, new Epoch(epoch)) { Committed = Acknowledged, Salt = (byte)epoch };
    }

    /// <summary>Appends without a flush; of an append of several entries only the last ends it.</summary>
    public void Append(params int[] payloadBytes)
    {
        for (var i = 0; i < payloadBytes.Length; i++)
        {
            AppendEntry(payloadBytes[i], endsAppend: i == payloadBytes.Length - 1);
        }
    }

    public void AppendEntry(int payloadBytes, bool endsAppend)
    {
        var (header, encoded, hash) = _source!.Next(payloadBytes, endsAppend);
        var position = header.Sequence.Value;
        Note(ledger => ledger with
        {
            Journals = [.. ledger.Journals.Select(claim => claim with { Entries = claim.Entries.Add(new WrittenEntry(position, hash, endsAppend, header.Epoch.Value)) })],
        });
        _encoded.RemoveRange((int)position - 1, Math.Max(0, _encoded.Count - (int)position + 1));
        _encoded.Add(encoded);
        Store.Append(header, encoded, hash);
    }

    public void Flush() => Store.Flush();

    /// <summary>Flushes, notes what is acknowledged, and tells.</summary>
    public void Acknowledge()
    {
        Store.Flush();
        Store.WriteWatermark(Store.FlushedEnd.Last);
        var whole = Store.FlushedAppendEnd.Last.Value;
        Note(ledger => ledger with { Journals = [.. ledger.Journals.Select(claim => claim with { Acknowledged = Math.Max(claim.Acknowledged, whole) })] });
        _source!.Committed = Acknowledged;
    }

    /// <summary>Entries from now on name as committed only what was acknowledged before the last flush, as under load.</summary>
    public void AcknowledgeWithoutCommitting()
    {
        var committed = _source!.Committed;
        Acknowledge();
        _source.Committed = committed;
    }

    public void Promise(ulong epoch, bool isSealed)
    {
        var promise = new ReplicaPromise(new Epoch(epoch), isSealed);
        Note(ledger => ledger with { Promises = [.. ledger.Promises, promise] });
        Store.WritePromise(promise with { IsWhole = Store.Promise.IsWhole });
        Note(ledger => ledger with { Promises = [promise] });
    }

    public void Accept(ulong promised, ulong accepted, ulong version, int valueBytes)
    {
        RegisterState? held = version == 0 ? null : new RegisterState([Identity.Replica, new ReplicaId(8)], version, new byte[valueBytes].Select((_, i) => (byte)(i + (int)version + 1)).ToArray());
        var state = new AcceptorState(new(promised, Identity.Replica), new(accepted, Identity.Replica), held);
        Note(ledger => ledger with { Acceptors = [.. ledger.Acceptors, AcceptorText.Of(state)] });
        _acceptor!.Store(state);
        Note(ledger => ledger with { Acceptors = [AcceptorText.Of(state)] });
    }

    public void OpenRegister()
    {
        if (Now.Registers.IsEmpty)
        {
            Note(ledger => ledger with { Registers = [AcceptorText.Of((RegisterValue?)null)] });
        }

        _register?.Dispose();
        _register = FileConfigRegister.Open(Stage.Register, _disk);
        Note(ledger => ledger with { Registers = [AcceptorText.Of(_register.Read())] });
    }

    public void SetRegister(int valueBytes)
    {
        var version = _register!.Read()?.Version ?? 0;
        var value = new byte[valueBytes];
        Array.Fill(value, (byte)(version + 1));
        var text = AcceptorText.Of(new RegisterValue(version + 1, value));
        Note(ledger => ledger with { Registers = [.. ledger.Registers, text] });
        _register.TryCompareAndSet(version, value);
        Note(ledger => ledger with { Registers = [text] });
    }

    /// <summary>The register, elsewhere, closes a reign at the tail.</summary>
    public void CloseEpoch(ulong epoch)
    {
        var closed = new ClosedEpoch(new Epoch(epoch), Store.End.Tail, Store.End.LastHash);
        Note(ledger => ledger with { Closed = ledger.Closed.RemoveAll(other => other.Epoch == closed.Epoch).Add(closed) });
    }

    public void TakeSnapshot(int payloadBytes)
    {
        var end = Store.End;
        Note(ledger => ledger with { Snapshots = ledger.Snapshots.Add(end.Last.Value) });
        using var writer = Store.Snapshots.Begin(end, stateHash: 7);
        writer.Write(SnapshotPayload(end.Last.Value, payloadBytes));
        writer.Complete().Dispose();
        writer.Publish();
    }

    /// <summary>A snapshot arrives from another replica, of this history or further on, and the journal begins behind it.</summary>
    public void ReceiveSnapshot(WorkloadRun sender, ulong position, int partBytes)
    {
        var file = sender.History.At(sender.History.Changes.Count).FileAt($"{Stage.Replica}/snapshots/{position}")!.ToArray();
        var sent = sender.Book.Last.Journals[0] with { Acknowledged = position };
        sent = sent with { Entries = sent.Entries.RemoveRange((int)position, sent.Entries.Count - (int)position) };
        Note(ledger => ledger with { Snapshots = ledger.Snapshots.Add(position), Journals = [.. ledger.Journals, sent], TrimmedBelow = position + 1 });
        using (var receiver = Store.Snapshots.Receive(new SequenceNumber(position), (ulong)file.Length))
        {
            for (var offset = 0; offset < file.Length; offset += partBytes)
            {
                receiver.Take((ulong)offset, file.AsSpan(offset, Math.Min(partBytes, file.Length - offset)));
            }

            Store.StartAt(receiver.Publish());
        }

        Note(ledger => ledger with { Journals = [sent] });
        _encoded.Clear();
        _encoded.AddRange(sender._encoded.Take((int)position));
    }

    public void Trim(ulong below)
    {
        Note(ledger => ledger with { TrimmedBelow = Math.Max(ledger.TrimmedBelow, below) });
        Store.TrimTo(new SequenceNumber(below));
    }

    /// <summary>The disk damages a byte while the replica is stopped; then it starts as one among several.</summary>
    public void DamageAndStart(string path, long offset)
    {
        Close();
        Note(ledger => ledger with { Whole = [true, false], Journals = [.. ledger.Journals.Select(claim => claim with { Acknowledged = 0 })] });
        using (var file = _disk.Open(path, writable: true))
        {
            Span<byte> one = stackalloc byte[1];
            file.Read(offset, one);
            one[0] ^= 1;
            file.Write(offset, one);
            file.SyncData();
        }

        Open();
    }

    /// <summary>The others bring what is missing of <paramref name="history"/>, and say that it is all.</summary>
    public void Heal(ulong epoch, IReadOnlyList<byte[]> history)
    {
        Begin(epoch);
        foreach (var encoded in history.Skip((int)Store.End.Last.Value))
        {
            EntryCodec.TryRead(encoded, out var header, out _, out _);
            var hash = ChainHash.Of(encoded);
            Note(ledger => ledger with { Journals = [.. ledger.Journals.Select(claim => claim with { Entries = claim.Entries.Add(new WrittenEntry(header.Sequence.Value, hash, header.EndsAppend, header.Epoch.Value)) })] });
            Store.Append(header, encoded, hash);
            _encoded.Add(encoded);
        }

        _source = new EntrySource(Identity.Journal, Store.End, new Epoch(epoch)) { Committed = Acknowledged, Salt = (byte)epoch };
        Acknowledge();
        Note(ledger => ledger with { Whole = [false, true] });
        Store.MarkWhole();
        Note(ledger => ledger with { Whole = [true] });
    }

    /// <summary>The encoded entries so far.</summary>
    public IReadOnlyList<byte[]> Written() => [.. _encoded];

    private SequenceNumber Acknowledged => new(Now.Journals[0].Acknowledged);

    private static byte[] SnapshotPayload(ulong position, int bytes)
    {
        var payload = new byte[bytes];
        Array.Fill(payload, (byte)(position + 1));
        return payload;
    }

    private static JournalClaim CutBefore(JournalClaim claim, ulong start)
    {
        var kept = Math.Min(claim.Entries.Count, (int)start - 1);
        return new JournalClaim(claim.Entries.RemoveRange(kept, claim.Entries.Count - kept), Math.Min(claim.Acknowledged, start - 1));
    }

    // Whoever starts speaks of what it found: a seal is answered with the end, a request with the promise.
    private Ledger AfterOpening(Ledger ledger)
    {
        var end = Store.End.Last.Value;
        var found = ledger.Journals.FirstOrDefault(claim => (ulong)claim.Entries.Count >= end && claim.Acknowledged <= end
            && (end == 0 || claim.Entries[(int)end - 1].Hash == Store.End.LastHash));
        if (found is null || !ledger.Promises.Contains(Store.Promise with { IsWhole = true }) || !ledger.Whole.Contains(Store.Promise.IsWhole))
        {
            throw new WorkloadBrokenException($"a start after a kill, or after none, found entries up to {end} and {Store.Promise}, which is not what was there");
        }

        _encoded.RemoveRange(Math.Min(_encoded.Count, (int)end), Math.Max(0, _encoded.Count - (int)end));
        return ledger with
        {
            Promises = [Store.Promise with { IsWhole = true }],
            Whole = [Store.Promise.IsWhole],
            Journals = [new JournalClaim(found.Entries.RemoveRange((int)end, found.Entries.Count - (int)end), end)],
        };
    }

    private void Note(Func<Ledger, Ledger> change)
    {
        // The record counts what was opened, too; the history does not.
        _book.Add(_recorder.Changes.Count(recorded => recorded.Kind != DiskOperationKind.Open), change(Now));
    }

    private void Abandon()
    {
        _acceptor?.Dispose();
        _store?.Dispose();
        _register?.Dispose();
        (_acceptor, _store, _register) = (null, null, null);
    }
}

/// <summary>A run found what it did not leave: a bug that needs no crash.</summary>
internal sealed class WorkloadBrokenException(string message) : Exception(message);
