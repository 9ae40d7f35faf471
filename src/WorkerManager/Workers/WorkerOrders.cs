using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>An operator's word about a worker. What already holds is not journaled again.</summary>
internal static class WorkerOrders
{
    public static void Decide(Reign reign, CordonWorker command)
    {
        if (Find(reign, command.Call, command.Name) is not { } worker)
        {
            return;
        }

        if (worker.Orders != WorkerStanding.Cordoned)
        {
            reign.Timers.Cancel(worker.Drain);
            reign.Emit(new Entry { WorkerCordoned = new WorkerCordoned { Worker = worker.Position.Value } });
        }

        reign.Reply(command.Call, Done.Instance);
    }

    public static void Decide(Reign reign, UncordonWorker command)
    {
        if (Find(reign, command.Call, command.Name) is not { } worker)
        {
            return;
        }

        if (worker.Orders != WorkerStanding.Ready)
        {
            reign.Timers.Cancel(worker.Drain);
            reign.Emit(new Entry { WorkerUncordoned = new WorkerUncordoned { Worker = worker.Position.Value } });
            reign.RoomChanged = true;
        }

        reign.Reply(command.Call, Done.Instance);
    }

    public static void Decide(Reign reign, DrainWorker command)
    {
        if (Find(reign, command.Call, command.Name) is { } worker)
        {
            Draining.Begin(reign, worker, command.Deadline);
            reign.Reply(command.Call, Done.Instance);
        }
    }

    private static Worker? Find(Reign reign, CallId call, WorkerName name)
    {
        if (reign.State.WorkerTable.TryGet(name, out var worker))
        {
            return worker;
        }

        reign.Reply(call, new Refused(Refusals.UnknownWorker(name)));
        return null;
    }
}
