using ControlPlane.Primitives;

namespace ControlPlane.Replication.Replicas;

/// <summary>
/// What a replica has promised, durably, before it said so. <see cref="Epoch"/> is the newest reign that it takes part in;
/// <see cref="IsSealed"/> says that it takes nothing more in that reign.
/// </summary>
/// <param name="Epoch">Entries of any other epoch are refused.</param>
/// <param name="IsSealed">True between a seal and the next reign's beginning.</param>
public readonly record struct ReplicaPromise(Epoch Epoch, bool IsSealed)
{
    /// <summary>
    /// The promise after a request to seal <paramref name="epoch"/>, or null if a newer reign was promised: whoever
    /// asks has been overtaken.
    /// </summary>
    public ReplicaPromise? Seal(Epoch epoch) =>
        epoch < Epoch ? null : new ReplicaPromise(epoch, IsSealed: true);

    /// <summary>
    /// The promise after a request to take part in <paramref name="epoch"/>, or null if it is not newer than what was
    /// promised: a restarted process never resumes a reign.
    /// </summary>
    public ReplicaPromise? Begin(Epoch epoch) =>
        epoch <= Epoch ? null : new ReplicaPromise(epoch, IsSealed: false);
}
