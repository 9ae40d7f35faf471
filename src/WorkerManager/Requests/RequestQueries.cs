using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>What became of a request, and undoing it.</summary>
internal static class RequestQueries
{
    public static void Decide(Reign reign, LookupRequest command)
    {
        if (Find(reign, command) is { } request)
        {
            reign.Reply(command.Call, new RequestFound(request.State, StateViews.HeldOf(reign.State, request, replayed: true)));
        }
        else if (WaiterOf(reign, command.Tenant, command.Request) is not null)
        {
            reign.Reply(command.Call, new RequestFound(RequestState.Waiting, []));
        }
        else
        {
            reign.Reply(command.Call, new Refused(new(RejectionReason.UnknownRequest, $"Request {command.Request} was never journaled, or is forgotten.")));
        }
    }

    public static void Decide(Reign reign, CancelRequest command)
    {
        var waiter = WaiterOf(reign, command.Tenant, command.Request);
        if (waiter is not null)
        {
            Waiters.Drop(reign, waiter, new Rejection(RejectionReason.DeadlineBeforeAppend, "The request was cancelled while it waited; nothing happened."));
        }

        var found = reign.State.Requests.TryGet(command.Request, out var request) && request.Tenant.Name == command.Tenant;
        var ended = found ? EndAll(reign, request!, onlyUnused: false) : 0;
        reign.Reply(command.Call, new RequestCancelled(ended, waiter is not null));
    }

    /// <summary>A caller that never heard its answer holds nothing: what it waited for is dropped, what it never used goes back.</summary>
    public static void Decide(Reign reign, CallerGone command)
    {
        while (reign.Waiting.OfCall(command.Call) is { } waiter)
        {
            Waiters.Drop(reign, waiter, new Rejection(RejectionReason.DeadlineBeforeAppend, "The caller went away while it waited; nothing happened."));
        }

        foreach (var id in reign.RecentCalls.Of(command.Call))
        {
            if (reign.State.Requests.TryGet(id, out var request))
            {
                EndAll(reign, request, onlyUnused: true);
            }
        }
    }

    private static int EndAll(Reign reign, Request request, bool onlyUnused)
    {
        var ended = 0;
        foreach (var lease in request.Leases().ToArray())
        {
            if (lease.IsHeld && !(onlyUnused && (lease.Confirmed || lease.SeenInUse)))
            {
                Expiry.End(reign, lease, EndReason.Cancelled);
                ended++;
            }
        }

        return ended;
    }

    private static Request? Find(Reign reign, LookupRequest command) =>
        reign.State.Requests.TryGet(command.Request, out var request) && request.Tenant.Name == command.Tenant ? request : null;

    private static Waiter? WaiterOf(Reign reign, Primitives.TenantName tenant, Primitives.RequestId request) =>
        reign.Waiting.TryGet(request, out var waiter) && waiter.Request.Tenant == tenant ? waiter : null;
}
