using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>How a journal's replica reaches the others.</summary>
internal interface IReplicaLinks
{
    /// <summary>Sends without waiting; false: there is no way now, or it is full. The message counts as lost then.</summary>
    bool TrySend(ReplicaId peer, PeerMessage message);

    /// <summary>Where clients reach the node of a replica; null if that is not known.</summary>
    string? ClientAddressOf(ReplicaId replica);
}

/// <summary>
/// Joins the pure protocol to this machine: the replica's storage, the links to others, the register, and whoever reads. What the protocol
/// says of reigns and asks of the register is noted here, and taken up when the node's step is over, so that an answer never arrives in the
/// middle of a question.
/// </summary>
internal sealed class ReplicaPort(
    ReplicaStore store, CommittedEntries entries, RecentEntries recent, CommitSignal signal, IReplicaLinks? links) : IReplicaPort
{
    private const int MessageEntriesBytesMax = 1 << 20;
    private const int DiskEntriesBytesMax = 256 << 10;

    private readonly HashSet<ReplicaId> _servedFromDisk = [];
    private byte[] _run = new byte[MessageEntriesBytesMax];
    private (SequenceNumber From, SequenceNumber ToExclusive, int Bytes) _built;
    private long _entries;
    private long _bytes;
    private long _flushes;

    /// <summary>Since start. Any thread.</summary>
    public JournalCounters Counters => new(Volatile.Read(ref _entries), Volatile.Read(ref _bytes), Volatile.Read(ref _flushes));

    /// <summary>What the register is to be asked next: to read (null), or to take a proposal.</summary>
    public RegisterQuestion? Question { get; set; }

    /// <summary>The reign that was won and is not led yet.</summary>
    public EpochRecord? Claim { get; set; }

    /// <summary>Why a reign ended that was won; null if none did since it was looked at.</summary>
    public DeposedReason? End { get; set; }

    /// <summary>Whose snapshot is needed; null if none is.</summary>
    public ReplicaId? SnapshotSource { get; set; }

    /// <summary>A batch has ended: a replica that lags may be read for again.</summary>
    public void EndBatch() => _servedFromDisk.Clear();

    private IReplicaLinks Links => links ?? throw new InvariantViolationException("the only replica of a journal speaks to no other");

    void IReplicaPort.Promise(ReplicaPromise promise)
    {
        if (promise.IsWhole && !store.Promise.IsWhole)
        {
            entries.Exclusive(() =>
            {
                store.MarkWhole();
                return true;
            });
        }
        else
        {
            store.WritePromise(promise);
        }
    }

    JournalEnd IReplicaPort.BeginSegment(Epoch epoch, SequenceNumber start)
    {
        if (start < store.End.Tail)
        {
            recent.Clear();
            _built = default;
        }

        return entries.Exclusive(() =>
        {
            store.BeginSegment(epoch, start);
            return store.End;
        });
    }

    void IReplicaPort.Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        store.Append(header, encodedEntry, hash);
        recent.Add(header.Sequence, encodedEntry);
        _entries++;
        _bytes += encodedEntry.Length;
    }

    void IReplicaPort.Flush(SequenceNumber acknowledged)
    {
        store.Flush();

        // Before anybody is told: whatever was answered is known to have been answered, even after kill -9.
        store.WriteWatermark(acknowledged);
        Interlocked.Increment(ref _flushes);
    }

    JournalEnd? IReplicaPort.EndAt(SequenceNumber position) => store.TryEndAt(position);

    void IReplicaPort.Send(ReplicaId peer, PeerMessage message) => Links.TrySend(peer, message);

    SequenceNumber? IReplicaPort.SendEntries(ReplicaId peer, in EntriesToSend wanted)
    {
        if (_built.From != wanted.From || _built.ToExclusive > wanted.ToExclusive || _built.Bytes == 0)
        {
            if (!Build(peer, wanted))
            {
                return wanted.From < entries.Head ? null : wanted.From;
            }
        }

        var bytes = _run.AsMemory(0, _built.Bytes);
        PeerMessage message = wanted.Carrier switch
        {
            EntryCarrier.Append => new Append(wanted.Epoch, wanted.Committed, wanted.Stamp, wanted.From, bytes),
            EntryCarrier.Fetched => new Fetched(wanted.From, bytes),
            _ => new Copy(wanted.Epoch, wanted.From, bytes),
        };
        return Links.TrySend(peer, message) ? _built.ToExclusive : wanted.From;
    }

    void IReplicaPort.ReadRegister() => Question = new RegisterQuestion(0, null);

    void IReplicaPort.CompareAndSet(ulong expectedVersion, JournalConfiguration value) => Question = new RegisterQuestion(expectedVersion, value);

    void IReplicaPort.WantSnapshot(ReplicaId source) => SnapshotSource = source;

    void IReplicaPort.MayTrim(SequenceNumber head) => entries.Exclusive(() => store.TrimTo(head));

    void IReplicaPort.Won(EpochRecord epoch) => Claim = epoch;

    void IReplicaPort.Deposed(DeposedReason reason) => (Claim, End) = (null, reason);

    void IReplicaPort.Committed(SequenceNumber position) => signal.Move(position);

    // The same run goes to every replica that is as far: it is put together once. What is not recent comes from disk, a little for each
    // replica and batch: whoever lags far behind must not hold up those who do not.
    private bool Build(ReplicaId peer, in EntriesToSend wanted)
    {
        var bytes = 0;
        var next = wanted.From;
        var limit = MessageEntriesBytesMax;
        bool Take(ReadOnlySpan<byte> encoded)
        {
            if (bytes > 0 && bytes + encoded.Length > limit)
            {
                return false;
            }

            if (encoded.Length > _run.Length)
            {
                _run = new byte[encoded.Length];
            }

            encoded.CopyTo(_run.AsSpan(bytes));
            bytes += encoded.Length;
            next = next.Next;
            return true;
        }

        _built = default;
        if (!recent.TryVisit(wanted.From, wanted.ToExclusive, encoded => Take(encoded.Span)))
        {
            if (wanted.From < entries.Head || !_servedFromDisk.Add(peer))
            {
                return false;
            }

            limit = DiskEntriesBytesMax;
            var (from, to) = (wanted.From, wanted.ToExclusive);
            entries.Exclusive(() => store.ReadEntries(from, to, (in ScannedEntry entry) => Take(entry.Encoded)));
        }

        _built = (wanted.From, next, bytes);
        return bytes > 0;
    }
}

/// <summary>What the register is asked.</summary>
/// <param name="ExpectedVersion">Version that a proposal replaces.</param>
/// <param name="Proposal">Null: to read.</param>
internal readonly record struct RegisterQuestion(ulong ExpectedVersion, JournalConfiguration? Proposal);
