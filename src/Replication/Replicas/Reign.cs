using ControlPlane.Primitives;

namespace ControlPlane.Replication.Replicas;

/// <summary>The reign that a replica takes part in: whose entries it admits, from where on.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Writer">Who writes.</param>
/// <param name="Start">Position of its first entry.</param>
/// <param name="StartHash">Hash of the entry before that.</param>
public readonly record struct Reign(Epoch Epoch, ReplicaId Writer, SequenceNumber Start, ChainHash StartHash);
