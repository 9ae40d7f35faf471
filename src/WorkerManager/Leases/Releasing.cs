using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Takes leases back from their holders. The holder says that it has stopped, so the sandbox is free at once (and in the
/// same step may go to a request that waits for it). Its gate is told to void the token, but nobody waits for that: the next
/// grant is above the floor as well.
/// </summary>
internal static class Releasing
{
    public static void Decide(Reign reign, Release command)
    {
        var results = new ReleaseResult[command.Leases.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Release(reign, command, command.Leases[i]);
        }

        reign.Reply(command.Call, new ReleaseAnswered(results));
    }

    private static ReleaseResult Release(Reign reign, Release command, in HeldLease named)
    {
        if (HeldLeases.Check(reign, command.Tenant, named, out var lease) is { } rejection)
        {
            var before = rejection.Reason == RejectionReason.LeaseEnded && lease.End == LeaseEnd.Released;
            return before ? new(null, Replayed: true) : new(rejection, Replayed: false);
        }

        var sandbox = lease.Sandbox!;
        reign.Emit(new Entry { LeaseReleased = new LeaseReleased { Lease = lease.Position.Value } });
        GateMessages.Revoke(reign, sandbox);
        LimitRoom.Freed(reign);
        Retirement.RetireIfObsolete(reign, sandbox);
        return new(null, Replayed: false);
    }
}
