using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Nodes;

/// <summary>How entries travel: inside which message.</summary>
public enum EntryCarrier
{
    /// <summary><see cref="Messages.Append"/>, from a writer.</summary>
    Append,

    /// <summary><see cref="Messages.Fetched"/>, to an opener.</summary>
    Fetched,

    /// <summary><see cref="Messages.Copy"/>, from an opener.</summary>
    Copy,
}

/// <summary>Entries that are to be sent, by their positions; the port knows their bytes.</summary>
/// <param name="Carrier">The message that carries them.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Committed">The commit to tell (Append).</param>
/// <param name="Stamp">The stamp to tell (Append).</param>
/// <param name="From">First position.</param>
/// <param name="ToExclusive">End.</param>
public readonly record struct EntriesToSend(
    EntryCarrier Carrier, Epoch Epoch, SequenceNumber Committed, ulong Stamp, SequenceNumber From, SequenceNumber ToExclusive);

/// <summary>Why a writer reigns no longer.</summary>
public enum DeposedReason
{
    /// <summary>No majority has acknowledged anything within the lease.</summary>
    LostMajority,

    /// <summary>Another reign was promised, or this one sealed, at a replica.</summary>
    Overtaken,

    /// <summary>It has handed over.</summary>
    HandedOver,
}

/// <summary>
/// What a <see cref="JournalNode"/> does to the world. Calls are performed at once and in order: when a storage call returns, what it says is
/// durable, so whatever is sent afterwards may speak of it. A storage call that fails ends the node (fail stop): it throws, and nothing
/// is called any more. A simulator throws to crash a node between any two calls.
/// </summary>
public interface IReplicaPort
{
    /// <summary>Makes a promise durable.</summary>
    void Promise(ReplicaPromise promise);

    /// <summary>
    /// Begins a segment of <paramref name="epoch"/> at <paramref name="start"/>, at most the next position; what is held from there on does
    /// not count any more. Durable on return. Returns what the journal ends with.
    /// </summary>
    JournalEnd BeginSegment(Epoch epoch, SequenceNumber start);

    /// <summary>Takes an entry's bytes behind the others; durable after <see cref="Flush"/>. The bytes are valid during the call only.</summary>
    void Write(in EntryHeader header, ChainHash hash, ReadOnlySpan<byte> encodedEntry);

    /// <summary>
    /// On return everything written is durable, and it is noted (for a recovery after a kill, not after a power cut) that others will be told that
    /// everything up to <paramref name="acknowledged"/> is held.
    /// </summary>
    void Flush(SequenceNumber acknowledged);

    /// <summary>The entry at a durable position: its hash, reign and stamp. Null if it is not held any more.</summary>
    JournalEnd? EndAt(SequenceNumber position);

    /// <summary>Sends a message, or drops it if the peer cannot take it now.</summary>
    void Send(ReplicaId peer, PeerMessage message);

    /// <summary>
    /// Sends as many of the entries as one message and the connection take. Returns the position behind the last one sent (the first asked for, if
    /// the connection takes nothing now); null if the first is not held any more.
    /// </summary>
    SequenceNumber? SendEntries(ReplicaId peer, in EntriesToSend entries);

    /// <summary>Asks the register; <see cref="JournalNode.RegisterRead"/> answers, or nothing does.</summary>
    void ReadRegister();

    /// <summary>Proposes to the register; <see cref="JournalNode.RegisterWritten"/> answers, or nothing does.</summary>
    void CompareAndSet(ulong expectedVersion, JournalConfiguration value);

    /// <summary>The replica can only go on from a snapshot of <paramref name="source"/>; <see cref="JournalNode.SnapshotInstalled"/> follows.</summary>
    void WantSnapshot(ReplicaId source);

    /// <summary>Entries before <paramref name="head"/> are committed, and covered by snapshots of a majority: those that a snapshot here covers, too, may go.</summary>
    void MayTrim(SequenceNumber head);

    /// <summary>The node reigns. Whoever uses the journal applies everything before <see cref="EpochRecord.Start"/> and then calls <see cref="JournalNode.Lead"/>.</summary>
    void Won(EpochRecord epoch);

    /// <summary>The node reigns no longer. What was not committed may be lost or not: nobody may be told either.</summary>
    void Deposed(DeposedReason reason);

    /// <summary>Everything up to <paramref name="position"/> is committed, and held durably here.</summary>
    void Committed(SequenceNumber position);
}
