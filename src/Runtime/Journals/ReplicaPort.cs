using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Nodes;
using ControlPlane.Replication.Replicas;
using ControlPlane.Runtime.Reading;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Joins the pure protocol to this machine: the replica's storage, the register, and whoever reads. What the register is asked is done when
/// the node's step is over (<see cref="AnswerRegister"/>), so that an answer never arrives in the middle of a question.
/// </summary>
/// <remarks>This version keeps replica sets of one: there is nobody to send to.</remarks>
internal sealed class ReplicaPort(ReplicaStore store, FileConfigRegister register, RecentEntries recent, CommitSignal signal) : IReplicaPort
{
    private Action<JournalNode, TimeSpan>? _owed;
    private long _entries;
    private long _bytes;
    private long _flushes;

    /// <summary>Since start. Any thread.</summary>
    public JournalCounters Counters => new(Volatile.Read(ref _entries), Volatile.Read(ref _bytes), Volatile.Read(ref _flushes));

    /// <summary>The reign that was won and is not led yet.</summary>
    public EpochRecord? Claim { get; set; }

    /// <summary>Why the node reigns no longer; null while it does.</summary>
    public DeposedReason? End { get; private set; }

    /// <summary>Entries were written since the last flush.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Does what the register was asked, and whatever the answers lead to.</summary>
    public void AnswerRegister(JournalNode node, TimeSpan now)
    {
        while (_owed is { } owed)
        {
            _owed = null;
            owed(node, now);
        }
    }

    void IReplicaPort.Promise(ReplicaPromise promise)
    {
        if (promise.IsWhole && !store.Promise.IsWhole)
        {
            store.MarkWhole();
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
        }

        store.BeginSegment(epoch, start);
        return store.End;
    }

    void IReplicaPort.Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry)
    {
        store.Append(header, encodedEntry, hash);
        recent.Add(header.Sequence, encodedEntry);
        _entries++;
        _bytes += encodedEntry.Length;
        IsDirty = true;
    }

    void IReplicaPort.Flush(SequenceNumber acknowledged)
    {
        store.Flush();

        // Before anybody is told: whatever was answered is known to have been answered, even after kill -9.
        store.WriteWatermark(acknowledged);
        IsDirty = false;
        Interlocked.Increment(ref _flushes);
    }

    JournalEnd? IReplicaPort.EndAt(SequenceNumber position) => store.TryEndAt(position);

    void IReplicaPort.Send(ReplicaId peer, PeerMessage message) => Alone();

    SequenceNumber? IReplicaPort.SendEntries(ReplicaId peer, in EntriesToSend entries)
    {
        Alone();
        return null;
    }

    void IReplicaPort.ReadRegister() => _owed = (node, now) =>
    {
        var value = register.Read();
        node.RegisterRead(value?.Version ?? 0, value is null ? null : JournalConfigurationCodec.Decode(value.Bytes.Span), now);
    };

    void IReplicaPort.CompareAndSet(ulong expectedVersion, JournalConfiguration value) => _owed = (node, now) =>
        node.RegisterWritten(register.TryCompareAndSet(expectedVersion, JournalConfigurationCodec.Encode(value)), now);

    void IReplicaPort.WantSnapshot(ReplicaId source) => Alone();

    void IReplicaPort.Won(EpochRecord epoch) => Claim = epoch;

    void IReplicaPort.Deposed(DeposedReason reason) => End = reason;

    void IReplicaPort.Committed(SequenceNumber position) => signal.Move(position);

    private static void Alone() => Invariant.Unreachable("the only replica of a journal speaks to no other");
}
