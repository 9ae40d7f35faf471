using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Appending;

/// <summary>
/// The writer of one reign: judges each append's conditions, gives it its positions, chains it, and says when a majority holds
/// it. The judgement is made here, inside the append and in its order, because a check anywhere else is out of date by the
/// time of the write.
/// </summary>
/// <remarks>
/// Sans I/O: entries go to an <see cref="IEntrySink"/>; durability comes in through <see cref="ReplicaDurable"/>; answers are
/// <see cref="AppendResult"/>s that may be told once <see cref="Committed"/> has reached their <c>AnswerAfter</c>. One caller at a time.
/// The shape is that of a ledger writer in BookKeeper and of Delos' loglets (OSDI'20, section 3).
/// </remarks>
public sealed class Sequencer
{
    private readonly JournalId _journal;
    private readonly EpochRecord _epoch;
    private readonly JournalState _state;
    private readonly Quorum _quorum;
    private readonly Queue<SequenceNumber> _uncommittedEnds = [];
    private readonly byte[] _buffer = new byte[EntryCodec.EncodedLength(EntryLimits.PayloadBytesMax)];
    private ChainHash _lastHash;

    /// <summary>Begins the reign <paramref name="epoch"/> behind <paramref name="state"/>, which has applied everything before it.</summary>
    public Sequencer(JournalId journal, EpochRecord epoch, JournalState state)
    {
        Invariant.Check(state.Applied == epoch.Start.Previous, "a writer has applied the whole journal before its first append");
        _journal = journal;
        _epoch = epoch;
        _state = state;
        _lastHash = epoch.StartHash;
        Committed = epoch.Start.Previous;
        _quorum = new Quorum(epoch.Replicas, Committed);
    }

    /// <summary>The reign.</summary>
    public Epoch Epoch => _epoch.Epoch;

    /// <summary>Next position to be given out.</summary>
    public SequenceNumber Tail => _state.Applied.Next;

    /// <summary>Hash of the last entry written.</summary>
    public ChainHash LastHash => _lastHash;

    /// <summary>Stamp of the last entry written.</summary>
    public JournalTime LastTime => _state.LastTime;

    /// <summary>The fence, as of the last entry written.</summary>
    public JournalFence Fence => _state.Fence;

    /// <summary>Last position that a majority holds durably and that ends an append. Never moves back.</summary>
    public SequenceNumber Committed { get; private set; }

    /// <summary>
    /// Judges and, if the conditions hold, appends. The order of judgement: an append that was already made is answered as
    /// such, whatever has happened to fence and tail since; then the fence; then the tail.
    /// </summary>
    public AppendResult Append(in AppendRequest request, JournalTime now, IEntrySink sink)
    {
        if (request.IsExactlyOnce && FindEarlier(request) is { } earlier)
        {
            return earlier;
        }

        if (request.Fence != Fence)
        {
            return Judged(AppendStatus.Fenced) with { Fence = Fence };
        }

        var tail = Tail;
#if MUTANTS
        tail = Mutant.Is("condition-before-sequencing") ? Committed.Next : tail;
#endif
        if (request.ExpectedTail is { } expected && expected != tail)
        {
            return Judged(AppendStatus.TailMismatch) with { Tail = Tail };
        }

        return Write(EntryType.User, request, now, sink);
    }

    /// <summary>
    /// Raises the fence to <paramref name="fence"/> if it is <paramref name="expected"/> now; otherwise answers
    /// <see cref="AppendStatus.Fenced"/> with the true one; a retry that meets its own token there knows that it was raised.
    /// </summary>
    public AppendResult RaiseFence(JournalFence fence, JournalFence expected, JournalTime now, IEntrySink sink)
    {
        if (Fence != expected || fence <= expected)
        {
            return Judged(AppendStatus.Fenced) with { Fence = Fence };
        }

        var request = new AppendRequest { Payloads = [FencePayload.Write(fence)] };
        return Write(EntryType.Fence, request, now, sink) with { Fence = fence };
    }

    /// <summary>Takes note that a replica holds everything up to <paramref name="through"/> durably, and moves the commit.</summary>
    public void ReplicaDurable(ReplicaId replica, SequenceNumber through)
    {
        Invariant.Check(through < Tail, "a replica holds nothing that was not written");
        if (!_quorum.Report(replica, through))
        {
            return;
        }

        var durable = _quorum.Durable();
        while (_uncommittedEnds.TryPeek(out var end) && end <= durable)
        {
            Committed = end;
            _uncommittedEnds.Dequeue();
        }
    }

    /// <summary>What <paramref name="replica"/> is known to hold durably.</summary>
    public SequenceNumber DurableAt(ReplicaId replica) => _quorum.DurableAt(replica);

    private AppendResult? FindEarlier(in AppendRequest request)
    {
        switch (_state.Appends.Find(request.Client, request.ClientSequence, out var append, out var oldest))
        {
#if MUTANTS
            case RememberedAppends.Knowledge.Remembered when Mutant.Is("dedup-not-rebuilt") && append.First < _epoch.Start:
                return null;
#endif
            case RememberedAppends.Knowledge.Remembered:
                var hash = 0UL;
                foreach (var payload in request.Payloads)
                {
                    hash = JournalState.HashContent(hash, payload.Span);
                }

                var same = hash == append.ContentHash;
                return Judged(same ? AppendStatus.Ok : AppendStatus.Conflict) with
                {
                    First = append.First,
                    Last = append.Last,
                    Replayed = same,
                };
            case RememberedAppends.Knowledge.Forgotten:
                return Judged(AppendStatus.Forgotten) with { OldestRemembered = oldest };
            default:
                return null;
        }
    }

    private AppendResult Write(EntryType type, in AppendRequest request, JournalTime now, IEntrySink sink)
    {
        Invariant.Check(request.Payloads.Count is > 0 and <= EntryLimits.EntriesPerAppendMax, "appends are validated before they are sequenced");
        var time = JournalTime.Max(now, LastTime);
        var first = Tail;
        for (var i = 0; i < request.Payloads.Count; i++)
        {
            var payload = request.Payloads[i].Span;
            var header = new EntryHeader
            {
                Type = type,
                Flags = i == request.Payloads.Count - 1 ? EntryFlags.EndOfAppend : EntryFlags.None,
                Journal = _journal,
                Epoch = Epoch,
                Sequence = Tail,
                PreviousHash = _lastHash,
                CommitSequence = Committed,
                Time = time,
                Writer = _epoch.Writer,
                Client = request.Client,
                ClientSequence = request.ClientSequence,
                ProducerVersion = request.ProducerVersion,
            };
            _lastHash = EntryCodec.Write(header, payload, _buffer);
            sink.Write(header, _lastHash, _buffer.AsSpan(0, EntryCodec.EncodedLength(payload.Length)));
            _state.Apply(header, payload);
        }

        _uncommittedEnds.Enqueue(Tail.Previous);
        return new AppendResult { Status = AppendStatus.Ok, AnswerAfter = Tail.Previous, First = first, Last = Tail.Previous };
    }

    private AppendResult Judged(AppendStatus status) => new() { Status = status, AnswerAfter = Tail.Previous };
}
