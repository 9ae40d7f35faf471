using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>What workers report of their sandboxes: booted, or verified dead.</summary>
internal static class SandboxEvents
{
    public static void Decide(Reign reign, SandboxBecameReady command)
    {
        if (reign.Sessions.TryGetSandbox(reign, command.Session, command.Sandbox, out var sandbox)
            && !sandbox.Booted
            && sandbox.Standing is not (SandboxStanding.Retired or SandboxStanding.Quarantined))
        {
            Ready(reign, sandbox);
        }
    }

    public static void Decide(Reign reign, Commands.SandboxDied command)
    {
        if (reign.Sessions.TryGetSandbox(reign, command.Session, command.Sandbox, out var sandbox))
        {
            Bury(reign, sandbox, command.Reason);
        }
    }

    public static void Ready(Reign reign, Sandbox sandbox)
    {
        reign.Emit(new Entry { SandboxReady = new SandboxReady { Sandbox = sandbox.Position.Value } });
        reign.JustBooted = sandbox;
        Retirement.RetireIfObsolete(reign, sandbox);
    }

    public static void Bury(Reign reign, Sandbox sandbox, string reason)
    {
        reign.Emit(new Entry { SandboxDied = new Entries.SandboxDied { Sandbox = sandbox.Position.Value, Reason = reason } });
        reign.RoomChanged = true;
    }
}
