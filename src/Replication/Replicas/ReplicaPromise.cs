using ControlPlane.Primitives;

namespace ControlPlane.Replication.Replicas;

/// <summary>
/// What a replica has promised, durably, before it said so. <see cref="Epoch"/> is the newest reign that it takes part in;
/// <see cref="IsSealed"/> says that it takes nothing more in that reign.
/// </summary>
/// <param name="Epoch">Entries of any other reign's writer are refused.</param>
/// <param name="IsSealed">True between a seal and the next reign's beginning.</param>
/// <param name="IsWhole">
/// False if the replica may have acknowledged more than it holds (its disk was damaged): it takes entries, but answers no seal, because
/// a tail that is too short would let committed entries be forgotten.
/// </param>
public readonly record struct ReplicaPromise(Epoch Epoch, bool IsSealed, bool IsWhole = true)
{
    /// <summary>Of a new replica: nothing is promised.</summary>
    public static ReplicaPromise None => new(default, IsSealed: false);

    /// <summary>Nobody knows what was promised: only epochs that the register names afterwards may be, and it is not whole.</summary>
    public static ReplicaPromise Lost => default;

    /// <summary>
    /// The promise after a request to seal <paramref name="epoch"/>, or null if a newer reign was promised: whoever
    /// asks has been overtaken.
    /// </summary>
    public ReplicaPromise? Seal(Epoch epoch) =>
        epoch < Epoch ? null : this with { Epoch = epoch, IsSealed = true };

    /// <summary>
    /// The promise after a request to take part in <paramref name="epoch"/>, or null if it is over: a newer reign was promised, or this one
    /// was sealed. Joining the promised reign again (after a restart of the replica, not of the writer) changes nothing.
    /// </summary>
    public ReplicaPromise? Join(Epoch epoch) => epoch.CompareTo(Epoch) switch
    {
        > 0 => this with { Epoch = epoch, IsSealed = false },
        0 when !IsSealed => this,
        _ => null,
    };
}
