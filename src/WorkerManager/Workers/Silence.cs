using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>A worker that has been silent for too long is given up: its leases are over, and what it has is ended when it returns.</summary>
internal static class Silence
{
    public static void Decide(Reign reign, Heartbeat command)
    {
        if (reign.Sessions.TryGet(reign, command.Session, out var link))
        {
            link.Cpu.Observe(command.Cpu);
            link.Memory.Observe(command.MemoryUsedMib);
            link.Cores = command.Cores;
        }
    }

    /// <summary>Signs of life do not move the timer; it looks at the last one when it is due.</summary>
    public static void Arm(Reign reign, WorkerLink link) =>
        reign.Timers.Set(link, link.LastHeard.Plus(reign.Options.LostAfter));

    public static void Due(Reign reign, WorkerLink link)
    {
        if (link.LastHeard.Plus(reign.Options.LostAfter) > reign.Now)
        {
            Arm(reign, link);
            return;
        }

        if (link.Session is { } session)
        {
            reign.Sessions.Close(link);
            reign.Do(new CloseSession(session, null));
        }

        reign.Timers.Cancel(link);
        reign.Timers.Cancel(link.Worker.Drain);
        reign.Emit(new Entry { WorkerLost = new WorkerLost { Worker = link.Worker.Position.Value } });
    }
}
