using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>How entries confirm, renew, release and expire a held lease.</summary>
internal static class LeaseChanges
{
    public static void Apply(PartitionState state, LeaseConfirmed entry)
    {
        var lease = Held(state, entry.Lease);
        state.Hasher.Remove(lease);
        lease.Confirmed = true;
        state.Hasher.Add(lease);
    }

    public static void Apply(PartitionState state, LeaseRenewed entry)
    {
        var lease = Held(state, entry.Lease);
        Invariant.Check(entry.RenewSequence == lease.RenewSequence + 1, "renewals of a lease are dense");
        state.Hasher.Remove(lease);
        lease.RenewSequence = entry.RenewSequence;
        lease.Ttl = Milliseconds.From(entry.TtlMs);
        lease.Confirmed = true;
        state.Hasher.Add(lease);
    }

    public static void Apply(PartitionState state, in EntryContext context, LeaseReleased entry)
    {
        var standing = SandboxStanding.Free;
#if MUTANTS
        standing = Mutant.Is("order-dependent-replay") && state.Timers.First is null ? SandboxStanding.Releasing : standing;
#endif
        LeaseEnding.End(state, context, Held(state, entry.Lease), LeaseEnd.Released, standing);
    }

    /// <summary>An expiry that was decided before a renewal carries the old number and is void: a committed renewal always wins.</summary>
    public static void Apply(PartitionState state, in EntryContext context, LeaseExpired entry)
    {
        if (!state.Leases.All.TryGet(new(entry.Lease), out var lease) || !lease.IsHeld || lease.RenewSequence != entry.RenewSequence)
        {
            return;
        }

        LeaseEnding.End(state, context, lease, EndOf(entry.Reason), SandboxStanding.Releasing);
    }

    private static LeaseEnd EndOf(EndReason reason) => reason switch
    {
        EndReason.Ttl => LeaseEnd.Ttl,
        EndReason.Unconfirmed => LeaseEnd.Unconfirmed,
        EndReason.Drained => LeaseEnd.Drained,
        EndReason.Cancelled => LeaseEnd.Cancelled,
        _ => throw new InvariantViolationException($"An expiry names its reason, not {reason}."),
    };

    private static Lease Held(PartitionState state, ulong position)
    {
        var lease = state.Leases.All.Get(position);
        Invariant.Check(lease.IsHeld, "only a held lease changes");
        return lease;
    }
}
