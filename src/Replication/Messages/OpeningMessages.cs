using ControlPlane.Primitives;

namespace ControlPlane.Replication.Messages;

/// <summary>Promise, durably, to take nothing more in <paramref name="Epoch"/>, and say how far you verifiably reach.</summary>
/// <param name="Epoch">The reign to seal: the register's current one.</param>
/// <param name="IsForced">Also if you hear its writer: it has agreed, or an operator insists.</param>
public sealed record Seal(Epoch Epoch, bool IsForced) : PeerMessage;

/// <summary>The reign is sealed here, durably.</summary>
/// <param name="Epoch">The sealed reign.</param>
/// <param name="Last">Last position held durably, the end of a whole append.</param>
/// <param name="LastHash">Hash of the entry there.</param>
/// <param name="LastEpoch">The reign that wrote it: what a replica holds of an older reign may reach beyond that reign's end.</param>
public sealed record Sealed(Epoch Epoch, SequenceNumber Last, ChainHash LastHash, Epoch LastEpoch) : PeerMessage;

/// <summary>Asks for entries that the receiver holds durably.</summary>
/// <param name="From">First position wanted.</param>
/// <param name="ToExclusive">End of what is wanted.</param>
public sealed record Fetch(SequenceNumber From, SequenceNumber ToExclusive) : PeerMessage;

/// <summary>Some of what was asked for, in order, at least one entry. Valid only while the message is handled.</summary>
public sealed record Fetched(SequenceNumber First, ReadOnlyMemory<byte> Entries) : PeerMessage;

/// <summary>Entries up to F, from an opener, for a replica that has sealed <paramref name="Epoch"/>. They acknowledge nothing to the old writer.</summary>
public sealed record Copy(Epoch Epoch, SequenceNumber First, ReadOnlyMemory<byte> Entries) : PeerMessage;

/// <summary>Everything up to <paramref name="Last"/> is held durably.</summary>
public sealed record Copied(Epoch Epoch, SequenceNumber Last, ChainHash LastHash) : PeerMessage;

/// <summary>
/// Asks for a snapshot, from <paramref name="Offset"/> bytes on. Position zero: whichever is newest. One that is not held any more is
/// answered with the beginning of the newest.
/// </summary>
public sealed record FetchSnapshot(SequenceNumber Position, ulong Offset) : PeerMessage;

/// <summary>A part of a snapshot's file, as it lies on disk.</summary>
/// <param name="Position">The last position that it covers; zero: there is none.</param>
/// <param name="Offset">Where the part begins.</param>
/// <param name="FileBytes">Length of the whole.</param>
/// <param name="Bytes">The part. Valid only while the message is handled.</param>
public sealed record SnapshotPart(SequenceNumber Position, ulong Offset, ulong FileBytes, ReadOnlyMemory<byte> Bytes) : PeerMessage;
