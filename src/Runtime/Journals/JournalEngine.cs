using System.Buffers;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// One journal on this machine, open for writing: the pure protocol (sequencer, replica gate) joined to the replica's
/// storage, its register and its readers. <see cref="Append"/> and <see cref="Flush"/> are for one thread at a time, the loop
/// that owns it; reading is for any thread and sees committed entries only.
/// </summary>
/// <remarks>
/// Order of a flush, and the reason nothing is told too early: write and data sync, then the watermark (so that whatever was answered
/// is known to have been answered, even after kill -9), then the quorum, then readers, and then the loop's answers.
/// Any storage fault leaves the engine failed: the process must end and recover from what is on disk.
/// </remarks>
public sealed class JournalEngine : IDisposable
{
    private const int ReignsWorthForgetting = 64;

    private readonly FileConfigRegister _register;
    private readonly ReplicaStore _store;
    private readonly RecentEntries _recent = new();
    private readonly CommitSignal _signal = new(SequenceNumber.None);
    private readonly Lock _diskReads = new();
    private readonly ReplicaPort _port;
    private readonly JournalNode _node;
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _head;

    private JournalEngine(JournalEngineOptions options, FileConfigRegister register, ReplicaStore store)
    {
        _register = register;
        _store = store;
        _time = options.Time;
        _started = _time.GetTimestamp();
        _port = new ReplicaPort(store, register, _recent, _signal);
        var self = store.Identity.Replica;
        _node = new JournalNode(self, Id, options.Timings, _port, store.Promise, store.End, SequenceNumber.None, TimeSpan.Zero) { Founders = [self] };
        _head = (long)store.Head.Value;
    }

    /// <summary>The journal.</summary>
    public JournalId Id => _store.Identity.Journal;

    /// <summary>This process's reign.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>Next position to be given out. Loop only.</summary>
    public SequenceNumber Tail => Sequencer.Tail;

    /// <summary>Stamp of the last entry. Loop only.</summary>
    public JournalTime LastTime => Sequencer.LastTime;

    /// <summary>The fence, as of the last entry written. Loop only.</summary>
    public JournalFence Fence => Sequencer.Fence;

    /// <summary>Last committed position. Any thread.</summary>
    public SequenceNumber Committed => _signal.Committed;

    /// <summary>First position that can be read. Any thread.</summary>
    public SequenceNumber Head => new((ulong)Volatile.Read(ref _head));

    /// <summary>What opening found that an operator should know.</summary>
    public IReadOnlyList<string> RecoveryReport => _store.Report;

    /// <summary>Whole snapshots; any thread.</summary>
    public SnapshotDirectory Snapshots => _store.Snapshots;

    /// <summary>Since start. Any thread.</summary>
    public JournalCounters Counters => _port.Counters;

    /// <summary>True if the register holds more reigns than it should: a snapshot would let them be forgotten.</summary>
    public bool HasManyReigns => Configuration.Value.Epochs.Count > ReignsWorthForgetting;

    /// <summary>The one replica of a journal on one machine: what is committed is what it holds durably. Any thread.</summary>
    public ReplicaId Replica => _store.Identity.Replica;

    /// <summary>
    /// Judges and appends (see <see cref="Sequencer.Append"/>). The result may be told once <see cref="Committed"/> has reached its
    /// <see cref="AppendResult.AnswerAfter"/>, which the next <see cref="Flush"/> brings about.
    /// </summary>
    public AppendResult Append(in AppendRequest request, JournalTime now) => _node.Append(request, now);

    /// <summary>Raises the fence (see <see cref="Sequencer.RaiseFence"/>).</summary>
    public AppendResult RaiseFence(JournalFence fence, JournalFence expected, JournalTime now) =>
        _node.RaiseFence(fence, expected, now);

    /// <summary>On return everything appended is committed, and readers see it. Costs nothing if nothing was appended.</summary>
    /// <exception cref="StorageFaultException">It may or may not be durable, and nobody may be told that it is. Final.</exception>
    public void Flush()
    {
        if (!_port.IsDirty)
        {
            return;
        }

        try
        {
            _node.EndBatch(Now);
        }
        catch (Exception fault)
        {
            _signal.Fail(fault);
            throw;
        }
    }

    /// <summary>
    /// Shows committed entries from <paramref name="from"/> on, in order, until <paramref name="visit"/> says no or the committed
    /// tail is reached; returns the next position to ask for. Any thread.
    /// </summary>
    /// <exception cref="PositionTrimmedException"><paramref name="from"/> lies before the head.</exception>
    public SequenceNumber Read(SequenceNumber from, EntryReader visit)
    {
        if (from < Head)
        {
            throw new PositionTrimmedException(from, Head);
        }

        var end = Committed.Next;
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

            if (!_recent.TryVisit(from, end, Show))
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

    /// <summary>Completes when <paramref name="position"/> is committed. Any thread.</summary>
    public Task WaitForCommitAsync(SequenceNumber position, CancellationToken cancellation) =>
        _signal.WaitAsync(position, cancellation);

    /// <summary>The newest whole snapshot, standing at the user's part; null if there is none. Dispose it. Any thread.</summary>
    public SnapshotReader? OpenNewestSnapshot()
    {
        if (Snapshots.FindNewest(_ => { }) is not { } header)
        {
            return null;
        }

        var reader = Snapshots.Open(header.Applied.Last);
        SnapshotPayload.ReadJournalState(reader);
        return reader;
    }

    /// <summary>
    /// Drops what lies below <paramref name="below"/> and below the newest whole snapshot, as far as whole files allow. Loop only:
    /// the register is written. Returns the new head.
    /// </summary>
    public SequenceNumber Trim(SequenceNumber below)
    {
        lock (_diskReads)
        {
            // Deleted first, recorded after: a crash between leaves a head that is too low, which opening corrects; the other order
            // would leave files that nothing names.
            var head = _store.TrimTo(below);
            if (head > Configuration.Value.Head)
            {
                Record(Configuration.Value.Trim(head));
            }

            Volatile.Write(ref _head, (long)head.Value);
            return head;
        }
    }

    /// <summary>
    /// Takes closed reigns out of the register that the older of the two kept snapshots covers, once there are many. Loop only.
    /// </summary>
    public void ForgetOldReigns()
    {
        var kept = Snapshots.List();
        if (HasManyReigns && kept.Count == SnapshotDirectory.Kept)
        {
            Record(Configuration.Value.Forget(kept[^1]));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signal.Fail(new ObjectDisposedException(nameof(JournalEngine), "The journal was closed."));
        _store.Dispose();
        _register.Dispose();
    }

    /// <summary>
    /// Wins a reign over a journal whose one replica is this one, shows <paramref name="replay"/> everything that it holds, and returns ready for
    /// the first append. Blocks for as long as the replay takes.
    /// </summary>
    /// <exception cref="JournalRefusedException">The register does not let this replica reign.</exception>
    internal static JournalEngine Lead(JournalEngineOptions options, FileConfigRegister register, ReplicaStore store, IReplay? replay)
    {
        var engine = new JournalEngine(options, register, store);
        engine._node.Stand(engine.Now);
        engine._port.AnswerRegister(engine._node, engine.Now);
        if (engine._port.Claim is not { } reign)
        {
            throw new JournalRefusedException(
                RefusalReason.Contradiction,
                $"the replica has promised epoch {store.Promise.Epoch}, but by its register epoch {JournalConfigurationCodec.Decode(register.Read()!.Bytes.Span).Current?.Epoch ?? default} is the newest: the register is older than the replica, or of other replicas; restore both from the same copy");
        }

        engine._port.Claim = null;
        engine._node.Lead(JournalReplay.AtOpening(store, replay, options.Progress), engine.Now);
        engine.Epoch = reign.Epoch;
        return engine;
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    private Sequencer Sequencer => _node.Sequencer ?? throw new InvariantViolationException("the only replica of a journal reigns as long as it is open");

    private (ulong Version, JournalConfiguration Value) Configuration =>
        _node.Configuration ?? throw new InvariantViolationException("an open journal has a reign");

    private SequenceNumber ReadFromDisk(SequenceNumber from, SequenceNumber end, EntryReader visit, out bool goOn)
    {
        lock (_diskReads)
        {
            if (from < Head)
            {
                throw new PositionTrimmedException(from, Head);
            }

            var continues = true;
            var buffer = ArrayPool<byte>.Shared.Rent(EntryCodec.EncodedLength(EntryLimits.PayloadBytesMax));
            try
            {
                var next = _store.ReadEntries(from, end, (in ScannedEntry entry) =>
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

    private void Record(JournalConfiguration configuration)
    {
        var won = _register.TryCompareAndSet(Configuration.Version, JournalConfigurationCodec.Encode(configuration));
        Invariant.Check(won, "nobody else writes the register of a journal on one machine");
        _node.Configured(Configuration.Version + 1, configuration);
    }
}
