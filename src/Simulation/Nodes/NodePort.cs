using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Nodes;

/// <summary>What the register is to be asked: to read (null), or to take a proposal.</summary>
internal readonly record struct RegisterQuestion(ulong ExpectedVersion, JournalConfiguration? Proposal);

/// <summary>
/// What a process's protocol does to the world. Each storage call takes time and may be the last; what leaves does so at the moment within the
/// batch at which it is said, so that entries overtake the own flush as in production.
/// </summary>
internal sealed class NodePort(NodeProcess process) : IReplicaPort
{
    private readonly World _world = process.World;
    private readonly SimulatedNode _host = process.Host;
    private RegisterQuestion? _question;
    private EpochRecord? _claim;
    private DeposedReason? _end;
    private ReplicaId? _snapshotSource;

    private long FlushTime => _world.Knobs.FlushUs * Durations.Microsecond;

    /// <summary>True while a reign is won and not led yet.</summary>
    public bool HasClaim => _claim is not null;

    public RegisterQuestion? TakeQuestion() => Take(ref _question);

    public EpochRecord? TakeClaim()
    {
        var claim = _claim;
        _claim = null;
        return claim;
    }

    public DeposedReason? TakeEnd() => Take(ref _end);

    public ReplicaId? TakeSnapshotSource() => Take(ref _snapshotSource);

    /// <summary>Makes an acceptor's state durable.</summary>
    public void Store(AcceptorState state)
    {
        BeforeStorage("the acceptor's state", grows: false);
        _host.Disk.Acceptor = state;
        _world.Note(Happening.RegisterStored, _host.Index, state.Promised.Counter);
    }

    /// <summary>Sends anything to another replica; true unless there is no way to it.</summary>
    public bool SendAny(ReplicaId peer, PeerMessage message)
    {
        DurableWord.Check(_host, message);
        return _world.Network.Send(_host, peer, new PeerEnvelope(_world.Journal, _host.Replica, message), _host.Now);
    }

    void IReplicaPort.Promise(ReplicaPromise promise)
    {
        BeforeStorage("a promise", grows: false);
        _world.Coverage.Hit(promise.IsWhole && !_host.Disk.Promise.IsWhole ? "a replica was healed" : promise.IsSealed ? "a reign was sealed" : "a reign was promised");
        _host.Disk.Promise = promise;
        _world.Note(Happening.Promise, _host.Index, promise.Epoch.Value);
    }

    JournalEnd IReplicaPort.BeginSegment(Epoch epoch, SequenceNumber start)
    {
        BeforeStorage("a segment", grows: true);
        var disk = _host.Disk;
        Invariant.Check(start >= disk.Head && start <= disk.Last.Next, "a segment begins within the journal or at its tail");
        var end = disk.EndAt(start.Previous)!.Value;
        if (start <= disk.Last)
        {
            _world.Coverage.Hit("a late replica clipped");
        }

        disk.Clip(start, end.Last);
        _world.Note(Happening.Segment, _host.Index, start.Value);
        return end;
    }

    void IReplicaPort.Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        _host.Faults.Before("a write", grows: false);
        _host.Spend(Durations.Microsecond);
        _host.Disk.Write(header, hash, encodedEntry);
        _world.Ledger.Written(_host, header, hash);
    }

    void IReplicaPort.Flush(SequenceNumber acknowledged)
    {
        BeforeStorage("a flush", grows: true);
        _host.Disk.Lies = _host.Faults.Lies > 0;
        _host.Disk.Sync(acknowledged);
        _world.Note(Happening.Flush, _host.Index, acknowledged.Value);
    }

    JournalEnd? IReplicaPort.EndAt(SequenceNumber position) => position <= _host.Disk.Durable ? _host.Disk.EndAt(position) : null;

    void IReplicaPort.Send(ReplicaId peer, PeerMessage message) => SendAny(peer, message);

    SequenceNumber? IReplicaPort.SendEntries(ReplicaId peer, in EntriesToSend entries)
    {
        var disk = _host.Disk;
        if (entries.From < disk.Head)
        {
            _world.Coverage.Hit("entries that were asked for are trimmed");
            return null;
        }

        var limit = entries.From.Plus((ulong)_world.Knobs.EntriesPerMessage);
        var to = entries.ToExclusive > limit ? limit : entries.ToExclusive;
        to = to > disk.Last.Next ? disk.Last.Next : to;
        var run = Run(entries.From, to);
        PeerMessage message = entries.Carrier switch
        {
            EntryCarrier.Append => new Append(entries.Epoch, entries.Committed, entries.Stamp, entries.From, run),
            EntryCarrier.Fetched => new Fetched(entries.From, run),
            _ => new Copy(entries.Epoch, entries.From, run),
        };
        return SendAny(peer, message) ? to : entries.From;
    }

    void IReplicaPort.ReadRegister() => _question = new RegisterQuestion(0, null);

    void IReplicaPort.CompareAndSet(ulong expectedVersion, JournalConfiguration value)
    {
        _world.Ledger.Proposed(value.Current!.Replicas);
        _question = new RegisterQuestion(expectedVersion, value);
    }

    void IReplicaPort.WantSnapshot(ReplicaId source) => _snapshotSource = source;

    void IReplicaPort.MayTrim(SequenceNumber head)
    {
        _world.Note(Happening.Trimmed, _host.Index, _host.Disk.Trim(head).Value);
        _world.Coverage.Hit("a follower trimmed");
    }

    void IReplicaPort.Won(EpochRecord epoch)
    {
        _world.Note(Happening.Won, _host.Index, epoch.Epoch.Value);
        _world.Tell(() => $"{_host.Name} reigns in epoch {epoch.Epoch} from {epoch.Start} on, over {string.Join(", ", epoch.Replicas.Select(SimulatedNode.IndexOf))}");
        _world.Ledger.Won(_host, epoch);
        _claim = epoch;
    }

    void IReplicaPort.Deposed(DeposedReason reason)
    {
        _world.Tell(() => $"{_host.Name} reigns no longer: {reason}");
        (_claim, _end) = (null, reason);
    }

    void IReplicaPort.Committed(SequenceNumber position)
    {
        _world.Note(Happening.Committed, _host.Index, position.Value);
        _world.Ledger.Committed(process, position);
    }

    private static T? Take<T>(ref T? noted)
        where T : struct
    {
        var taken = noted;
        noted = null;
        return taken;
    }

    private void BeforeStorage(string call, bool grows)
    {
        _host.Faults.Before(call, grows);
        _host.Spend(FlushTime);
    }

    private byte[] Run(SequenceNumber from, SequenceNumber toExclusive)
    {
        var disk = _host.Disk;
        var length = 0;
        for (var position = from; position < toExclusive; position = position.Next)
        {
            length += disk[position].Bytes.Length;
        }

        var run = new byte[length];
        var offset = 0;
        for (var position = from; position < toExclusive; position = position.Next)
        {
            var bytes = disk[position].Bytes;
            bytes.CopyTo(run, offset);
            offset += bytes.Length;
        }

        return run;
    }
}
