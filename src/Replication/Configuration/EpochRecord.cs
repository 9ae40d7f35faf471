using ControlPlane.Primitives;

namespace ControlPlane.Replication.Configuration;

/// <summary>One reign over the journal: who wrote, where, and, once it is over, how far it counts.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Start">Position of its first entry.</param>
/// <param name="StartHash">Hash of the entry before its first: what the first must name as its predecessor.</param>
/// <param name="Writer">The replica whose process writes.</param>
/// <param name="Replicas">Who keeps a copy; a majority of these decides.</param>
/// <param name="End">Last position that counts (<c>Start - 1</c> if none), or null while the reign goes on.</param>
/// <param name="EndHash">Hash of the entry at <paramref name="End"/>; set with it.</param>
public sealed record EpochRecord(
    Epoch Epoch,
    SequenceNumber Start,
    ChainHash StartHash,
    ReplicaId Writer,
    IReadOnlyList<ReplicaId> Replicas,
    SequenceNumber? End = null,
    ChainHash? EndHash = null)
{
    /// <summary>True once the register says how far the reign counts; bytes beyond are clipped for ever.</summary>
    public bool IsClosed => End is not null;
}
