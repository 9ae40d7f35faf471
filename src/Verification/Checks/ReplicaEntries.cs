using ControlPlane.Primitives;

namespace ControlPlane.Verification.Checks;

/// <summary>What one replica holds of a journal.</summary>
/// <param name="Replica">Its name, for sentences.</param>
/// <param name="Committed">How far it knows its entries to be committed. What it holds beyond may differ between replicas, and be dropped.</param>
/// <param name="Entries">Its entries in their order, from its head on; enumerated once, and not to the end if that is behind <see cref="Committed"/>.</param>
public sealed record ReplicaEntries(string Replica, SequenceNumber Committed, IEnumerable<ReplicaEntry> Entries);

/// <summary>One entry of a replica, byte for byte as it is stored; or its prefix hash, if only that is compared.</summary>
public readonly record struct ReplicaEntry(SequenceNumber Position, ReadOnlyMemory<byte> Bytes);
