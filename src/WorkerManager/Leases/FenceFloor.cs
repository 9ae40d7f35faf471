using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>A gate voided every older token: the sandbox may be granted again, and the tenant's use of it ends.</summary>
internal static class FenceFloor
{
    public static void Decide(Reign reign, FloorAcknowledged command)
    {
        if (!reign.Sessions.TryGetSandbox(reign, command.Session, command.Sandbox, out var sandbox)
            || sandbox.Standing != SandboxStanding.Releasing
            || command.Floor < sandbox.HighestFence)
        {
            return;
        }

        reign.Emit(new Entry
        {
            SandboxFenced = new SandboxFenced { Sandbox = sandbox.Position.Value, Floor = sandbox.HighestFence.Value },
        });
        LimitRoom.Freed(reign);
        Retirement.RetireIfObsolete(reign, sandbox);
    }
}
