using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Messages;
using ControlPlane.WorkerManager.Entries;
using Google.Protobuf;

namespace ControlPlane.JournalInspector.Tests.Samples;

/// <summary>
/// One replica of a journal among several, written by storage itself as the protocol would have it written: reign by reign,
/// with whatever commit position its writer knew.
/// </summary>
internal sealed class ReplicaBuilder : IDisposable
{
    private static readonly SegmentOptions Small = new()
    {
        DeviceFileBytes = SegmentLayout.PageBytes,
        PreallocationStepBytes = 64 * 1024,
        PreallocateInBackground = false,
    };

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly JournalId _journal;
    private readonly ReplicaStore _store;
    private Epoch _epoch;

    public ReplicaBuilder(string path, ulong replica, ulong journal = 0xa1)
    {
        _journal = new JournalId(journal);
        var identity = new ReplicaIdentity(new ClusterId(0xc1), _journal, new ReplicaId(replica));
        if (!Directory.Exists(path))
        {
            ReplicaStore.Create(path, identity, new PhysicalDisk(), Small);
        }

        _store = ReplicaStore.Open(path, identity, new PhysicalDisk(), Small, []);
    }

    public SequenceNumber Last => _store.End.Last;

    public ReplicaBuilder Reign(ulong epoch)
    {
        _epoch = new Epoch(epoch);
        _store.BeginSegment(_epoch);
        return this;
    }

    /// <summary>The next reign goes on from <paramref name="start"/>; what is there is clipped.</summary>
    public ReplicaBuilder ReignFrom(ulong epoch, ulong start)
    {
        _epoch = new Epoch(epoch);
        _store.BeginSegment(_epoch, new SequenceNumber(start));
        return this;
    }

    /// <summary>Appends tenants, one an append, each acknowledged; <paramref name="committed"/> is what the writer knew to be committed.</summary>
    public ReplicaBuilder Append(ulong committed, params string[] tenants)
    {
        foreach (var tenant in tenants)
        {
            Append(committed, Facts.Tenant(tenant));
        }

        return this;
    }

    private void Append(ulong committed, Entry entry)
    {
        Write(committed, entry);
        Acknowledge(_store.End.Last.Value);
    }

    /// <summary>Durable, but the watermark does not say so yet.</summary>
    public void AppendWithoutAcknowledging(string tenant) => Write(0, Facts.Tenant(tenant));

    public void Acknowledge(ulong position) => _store.WriteWatermark(new SequenceNumber(position));

    private void Write(ulong committed, Entry entry)
    {
        var header = new EntryHeader
        {
            Type = EntryType.User,
            Flags = EntryFlags.EndOfAppend,
            Journal = _journal,
            Epoch = _epoch,
            Sequence = _store.End.Tail,
            PreviousHash = _store.End.LastHash,
            CommitSequence = new SequenceNumber(committed),
            Time = JournalTime.FromDateTimeOffset(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)).Plus(TimeSpan.FromSeconds(_store.End.Tail.Value)),
            Writer = new ReplicaId(_epoch.Value),
            Client = default,
            ClientSequence = default,
            ProducerVersion = 1,
        };
        var payload = entry.ToByteArray();
        var hash = EntryCodec.Write(header, payload, _buffer);
        _store.Append(header, _buffer.AsSpan(0, EntryCodec.EncodedLength(payload.Length)), hash);
        _store.Flush();
    }

    /// <summary>Takes part in keeping the register, as a replica among several does.</summary>
    public ReplicaBuilder Vote()
    {
        using var acceptor = _store.OpenAcceptor();
        acceptor.Store(acceptor.State with { Promised = new Ballot(1, _store.Identity.Replica) });
        return this;
    }

    /// <summary>Keeps only what lies behind a snapshot of everything so far.</summary>
    public ReplicaBuilder BeginBehindSnapshot(UInt128 stateHash = default)
    {
        using (var writer = _store.Snapshots.Begin(_store.End, stateHash))
        {
            writer.Write("state"u8);
            writer.Complete().Dispose();
            writer.Publish();
        }

        _store.StartAt(_store.Snapshots.FindNewest(_ => { })!.Value);
        return this;
    }

    public void Dispose() => _store.Dispose();
}
