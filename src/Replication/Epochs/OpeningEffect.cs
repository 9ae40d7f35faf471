using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;

namespace ControlPlane.Replication.Epochs;

/// <summary>How far a replica's verified journal reaches; always the end of a whole append.</summary>
/// <param name="Last">Last position.</param>
/// <param name="Hash">Hash of the entry there.</param>
/// <param name="Epoch">The reign that wrote it.</param>
public readonly record struct VerifiedTail(SequenceNumber Last, ChainHash Hash, Epoch Epoch);

/// <summary>A replica that is to be brought up to F.</summary>
/// <param name="Replica">Which.</param>
/// <param name="Holds">Last position that it holds and that counts.</param>
public readonly record struct CopyTarget(ReplicaId Replica, SequenceNumber Holds);

/// <summary>What an opening asks its surroundings to do next.</summary>
public abstract record OpeningEffect
{
    /// <summary>Ask these replicas to promise, durably, to take nothing more in <paramref name="Epoch"/>, and to say how far they verifiably reach.</summary>
    public sealed record Seal(Epoch Epoch, IReadOnlyList<ReplicaId> Replicas) : OpeningEffect;

    /// <summary>Bring the opener itself up to <paramref name="Tail"/> from <paramref name="Source"/>, durably.</summary>
    public sealed record FetchUpTo(VerifiedTail Tail, ReplicaId Source) : OpeningEffect;

    /// <summary>Bring these replicas up to <paramref name="Tail"/>, which the opener holds, durably.</summary>
    public sealed record CopyTo(VerifiedTail Tail, IReadOnlyList<CopyTarget> Targets) : OpeningEffect;

    /// <summary>Compare-and-set the register from <paramref name="ExpectedVersion"/> to <paramref name="Value"/>.</summary>
    public sealed record CompareAndSet(ulong ExpectedVersion, JournalConfiguration Value) : OpeningEffect;
}
