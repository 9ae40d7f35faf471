using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>Emptying a worker: free sandboxes go now, leases may finish until the deadline and are ended then.</summary>
internal static class Draining
{
    public static void Begin(Reign reign, Worker worker, TimeSpan deadline)
    {
        reign.Emit(new Entry { WorkerDraining = new WorkerDraining { Worker = worker.Position.Value, DeadlineMs = Milliseconds.Of(deadline) } });
        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (worker.IsLost)
            {
                SandboxEvents.Bury(reign, sandbox, "written off: its worker is lost and was drained");
            }
            else
            {
                Retirement.RetireIfObsolete(reign, sandbox);
            }
        }

        Arm(reign, worker);
    }

    public static void Arm(Reign reign, Worker worker)
    {
        if (!worker.IsLost)
        {
            reign.Timers.Set(worker.Drain, worker.DrainDeadline);
        }
    }

    /// <summary>The deadline has passed.</summary>
    public static void Due(Reign reign, Worker worker)
    {
        reign.Timers.Cancel(worker.Drain);
        foreach (var sandbox in worker.SandboxesInOrder())
        {
            if (sandbox.Lease is { } lease)
            {
                Expiry.End(reign, lease, EndReason.Drained);
            }
        }
    }
}
