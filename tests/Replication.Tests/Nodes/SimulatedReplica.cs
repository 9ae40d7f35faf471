using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>
/// A node with a disk that forgets what was not flushed when it crashes, in a <see cref="SimulatedCluster"/> that carries its messages. Performs
/// the production protocol and checks, at each step, what must never happen.
/// </summary>
internal sealed class SimulatedReplica(ReplicaId id, SimulatedCluster cluster) : IReplicaPort
{
    private readonly List<byte[]> _entries = [];
    private ReplicaPromise _promise = ReplicaPromise.None;
    private int _durable;
    private SequenceNumber _applied;
    private JournalState _state = new();

    /// <summary>What it was told that nobody need keep ends before this.</summary>
    public SequenceNumber MayTrimTo { get; private set; }

    /// <summary>How many segments were begun, over all crashes.</summary>
    public int SegmentsBegun { get; private set; }

    public ReplicaId Id { get; } = id;

    /// <summary>Null while it is down.</summary>
    public JournalNode? Node { get; private set; }

    /// <summary>Times that the disk was flushed, for tests of batches.</summary>
    public int Flushes { get; private set; }

    /// <summary>Sources that snapshots were wanted of.</summary>
    public List<ReplicaId> SnapshotsWanted { get; } = [];

    /// <summary>All inputs so far, in one number: equal inputs make equal nodes.</summary>
    public ulong History { get; private set; }

    public IReadOnlyList<ReplicaId> Founders { get; init; } = [];

    /// <summary>Its own clock: each process counts from another beginning, the later ones from a later one.</summary>
    public TimeSpan Now => cluster.Now - (TimeSpan.FromSeconds(30) * (double)Id.Value);

    public void Start()
    {
        _applied = SequenceNumber.None;
        _state = new JournalState();
        Node = new JournalNode(Id, Journals.Id, cluster.Timings, this, _promise, EndOf(_entries.Count), SequenceNumber.None, Now) { Founders = Founders };
        Note("start", 0);
    }

    /// <summary>Keeps what was flushed, and the first <paramref name="luck"/> of the entries that were not; half an append is none.</summary>
    public void Crash(int luck)
    {
        Node = null;
        // As a recovery from disk: also what was flushed of an append whose end is not there is given up.
        var kept = WholeAppendsIn(Math.Min(_entries.Count, _durable + luck));
        _entries.RemoveRange(kept, _entries.Count - kept);
        _durable = kept;
        Note("crash", (ulong)kept);
    }

    /// <summary>The disk has lost entries that had been flushed, and the replica knows: as recovery leaves it after damage.</summary>
    public void LoseEntries(int kept)
    {
        _entries.RemoveRange(kept, _entries.Count - kept);
        _durable = kept;
        _promise = _promise with { IsWhole = false };
    }

    public void Receive(ReplicaId from, PeerMessage message)
    {
        Note(Text(message), (ulong)from.Value);
        Node!.Receive(from, message, Now);
    }

    public void EndBatch() => Node?.EndBatch(Now);

    public AppendResult Append(params byte[][] payloads)
    {
        Note("append", (ulong)payloads.Length);
        return Node!.Append(Journals.Append(payloads), new JournalTime(1));
    }

    /// <summary>A message on its way, in full.</summary>
    public static string Describe(InFlight message) => $"{message.From}>{message.To} {Text(message.Message)}";

    public void Note(string what, ulong detail)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(what);
        History = System.IO.Hashing.XxHash64.HashToUInt64(text, unchecked((long)(History + detail + 1)));
    }

    public byte[] Encoded(SequenceNumber position) => _entries[(int)position.Value - 1];

    public int Held => _entries.Count;

    /// <summary>The longest prefix of at most <paramref name="count"/> entries that ends with a whole append.</summary>
    public int WholeAppendsIn(int count)
    {
        while (count > 0 && !HeaderOf(count).EndsAppend)
        {
            count--;
        }

        return count;
    }

    public JournalEnd EndOf(int count) => count == 0
        ? JournalEnd.Empty(Journals.Id)
        : JournalEnd.Behind(HeaderOf(count), ChainHash.Of(_entries[count - 1]));

    void IReplicaPort.Promise(ReplicaPromise promise)
    {
        cluster.BeforeStorage(this);
        _promise = promise;
    }

    void IReplicaPort.MayTrim(SequenceNumber head)
    {
        Assert.True(head <= Node!.Committed, "only what is known to be committed here may go");
        MayTrimTo = head;
    }

    JournalEnd IReplicaPort.BeginSegment(Epoch epoch, SequenceNumber start)
    {
        SegmentsBegun++;
        cluster.BeforeStorage(this);
        var kept = (int)start.Value - 1;
        Assert.InRange(kept, 0, _entries.Count);
        _entries.RemoveRange(kept, _entries.Count - kept);
        _durable = kept;
        return EndOf(kept);
    }

    void IReplicaPort.Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        Assert.Equal(_entries.Count + 1, (int)header.Sequence.Value);
        _entries.Add(encodedEntry.ToArray());
        cluster.Written(header, hash);
    }

    void IReplicaPort.Flush(SequenceNumber acknowledged)
    {
        cluster.BeforeStorage(this);
        Flushes++;
        _durable = _entries.Count;
    }

    JournalEnd? IReplicaPort.EndAt(SequenceNumber position) => position.Value <= (ulong)_entries.Count ? EndOf((int)position.Value) : null;

    void IReplicaPort.Send(ReplicaId peer, PeerMessage message) => cluster.Send(Id, peer, message);

    SequenceNumber? IReplicaPort.SendEntries(ReplicaId peer, in EntriesToSend entries)
    {
        var to = entries.ToExclusive.Value - entries.From.Value > cluster.EntriesPerMessage ? entries.From.Plus(cluster.EntriesPerMessage) : entries.ToExclusive;
        var bytes = _entries.Skip((int)entries.From.Value - 1).Take((int)(to.Value - entries.From.Value)).SelectMany(e => e).ToArray();
        cluster.Send(Id, peer, entries.Carrier switch
        {
            EntryCarrier.Append => new Append(entries.Epoch, entries.Committed, entries.Stamp, entries.From, bytes),
            EntryCarrier.Copy => new Copy(entries.Epoch, entries.From, bytes),
            _ => new Fetched(entries.From, bytes),
        });
        return to;
    }

    void IReplicaPort.ReadRegister() => cluster.ReadRegister(this);

    void IReplicaPort.CompareAndSet(ulong expectedVersion, JournalConfiguration value) => cluster.CompareAndSet(this, expectedVersion, value);

    void IReplicaPort.WantSnapshot(ReplicaId source) => SnapshotsWanted.Add(source);

    void IReplicaPort.Won(EpochRecord epoch)
    {
        cluster.HasWon(this, epoch);
        while (_applied < epoch.Start.Previous)
        {
            _applied = _applied.Next;
            Assert.True(EntryCodec.TryRead(Encoded(_applied), out var header, out var payload, out _));
            _state.Apply(header, payload);
        }

        Node!.Lead(_state, Now);
    }

    void IReplicaPort.Deposed(DeposedReason reason)
    {
        // As the production host: what was decided on the speculative state is thrown away, and rebuilt from the journal.
        _applied = SequenceNumber.None;
        _state = new JournalState();
    }

    void IReplicaPort.Committed(SequenceNumber position)
    {
        Assert.True(position.Value <= (ulong)_durable, "what is committed is durable here");
        cluster.HasCommitted(this, position);
    }

    private EntryHeader HeaderOf(int count)
    {
        Assert.True(EntryCodec.TryRead(_entries[count - 1], out var header, out _, out _));
        return header;
    }

    private static string Bytes(ReadOnlyMemory<byte> bytes) =>
        System.IO.Hashing.XxHash64.HashToUInt64(bytes.Span).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(PeerMessage message) => message switch
    {
        Append m => $"Append {m.Epoch} {m.Committed} {m.Stamp} {m.First} {Bytes(m.Entries)}",
        Copy m => $"Copy {m.Epoch} {m.First} {Bytes(m.Entries)}",
        Fetched m => $"Fetched {m.First} {Bytes(m.Entries)}",
        Join m => $"Join {m.Epoch} {m.Start} {m.StartHash} {string.Join(',', m.Closed)} {m.IsMember}",
        HandOver m => $"HandOver {m.Epoch} {string.Join(',', m.NextReplicas)}",
        _ => message.ToString()!,
    };
}
