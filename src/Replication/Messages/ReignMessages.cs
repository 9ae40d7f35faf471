using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>
/// A writer has won <paramref name="Epoch"/> and asks the replica to take part. The replica clips what <paramref name="Closed"/> says
/// does not count, promises the epoch durably, and answers <see cref="Joined"/>.
/// </summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Start">Position of its first entry.</param>
/// <param name="StartHash">Hash of the entry before that.</param>
/// <param name="Closed">The reigns before it that had entries and are still known, in order.</param>
/// <param name="IsMember">False: the replica is a learner; its acknowledgements count for nothing yet.</param>
public sealed record Join(Epoch Epoch, SequenceNumber Start, ChainHash StartHash, IReadOnlyList<ClosedReign> Closed, bool IsMember) : PeerMessage;

/// <summary>The replica takes part; it holds everything up to <paramref name="Last"/> durably.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Last">Last position held.</param>
/// <param name="LastHash">Hash of the entry there.</param>
/// <param name="IsWhole">False: it awaits <see cref="Healed"/> before it answers seals.</param>
public sealed record Joined(Epoch Epoch, SequenceNumber Last, ChainHash LastHash, bool IsWhole) : PeerMessage;

/// <summary>Entries to hold, in order and without a gap; without entries a heartbeat.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Committed">The commit so far.</param>
/// <param name="Stamp">Comes back in <see cref="Appended"/>: by it the writer measures its lease from sending.</param>
/// <param name="First">Position of the first entry; the next to be written if there is none.</param>
/// <param name="Entries">Encoded entries, one behind the other. Valid only while the message is handled.</param>
public sealed record Append(Epoch Epoch, SequenceNumber Committed, ulong Stamp, SequenceNumber First, ReadOnlyMemory<byte> Entries) : PeerMessage;

/// <summary>The replica holds everything up to <paramref name="Durable"/> durably.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Durable">Last position of the contiguous durable prefix.</param>
/// <param name="Stamp">Highest stamp seen.</param>
/// <param name="Snapshot">Position of the replica's newest whole snapshot; none if zero.</param>
/// <param name="IsWhole">False: it awaits <see cref="Healed"/> before it answers seals.</param>
public sealed record Appended(Epoch Epoch, SequenceNumber Durable, ulong Stamp, SequenceNumber Snapshot, bool IsWhole) : PeerMessage;

/// <summary>The replica does not do what was asked.</summary>
/// <param name="Promised">The reign that it has promised.</param>
/// <param name="IsSealed">It has sealed that reign.</param>
/// <param name="Reason">Why.</param>
/// <param name="Last">Last position that it holds.</param>
public sealed record Refused(Epoch Promised, bool IsSealed, PeerRefusal Reason, SequenceNumber Last) : PeerMessage;

/// <summary>
/// The writer's word that a replica which holds everything up to <paramref name="Held"/> holds all that it may ever have acknowledged. If the
/// receiver does, it may answer seals again; if not, it lost more since, and this is of an earlier loss.
/// </summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Held">Last position that the replica must hold durably.</param>
public sealed record Healed(Epoch Epoch, SequenceNumber Held) : PeerMessage;

/// <summary>The writer keeps entries from <paramref name="From"/> on: what lies before is covered by snapshots of a majority, and nobody need keep it.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="From">The writer's first position.</param>
public sealed record Kept(Epoch Epoch, SequenceNumber From) : PeerMessage;

/// <summary>The writer steps down in favour of the receiver, which holds all its entries and opens the next reign at once.</summary>
/// <param name="Epoch">The reign that ends.</param>
/// <param name="NextReplicas">Who keeps a copy in the next.</param>
public sealed record HandOver(Epoch Epoch, IReadOnlyList<ReplicaId> NextReplicas) : PeerMessage;
