using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>The gate saw a lease used. Journaled only if the lease would go back by itself otherwise.</summary>
internal static class Confirmation
{
    public static void Decide(Reign reign, GrantConfirmed command)
    {
        if (!reign.Sessions.TryGetSandbox(reign, command.Session, command.Sandbox, out var sandbox)
            || sandbox.Lease is not { } lease
            || lease.Fence != command.Fence)
        {
            return;
        }

        lease.SeenInUse = true;
        if (LeaseTimer.AwaitsConfirmation(lease))
        {
            reign.Emit(new Entry { LeaseConfirmed = new LeaseConfirmed { Lease = lease.Position.Value } });
            LeaseTimer.Arm(reign, lease);
        }
    }
}
