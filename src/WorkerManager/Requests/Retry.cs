using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Answers a request whose id is known: the same leases again, marked as replayed. If one of them has ended, granting
/// anew would break "the same request, the same leases", so the caller is told that it ended and asks under a new id.
/// </summary>
internal static class Retry
{
    /// <summary>Null if the request id is new.</summary>
    public static Outcome? Answer(Reign reign, AllocateRequest request, ulong parametersHash)
    {
        if (!reign.State.Requests.TryGet(request.Request, out var known))
        {
            return reign.Waiting.TryGet(request.Request, out var waiter) && waiter.ParametersHash != parametersHash
                ? new Refused(Reused(request))
                : null;
        }

        if (known.ParametersHash != parametersHash)
        {
            return new Refused(Reused(request));
        }

        if (known.State == RequestState.Held)
        {
            return new Granted(StateViews.HeldOf(reign.State, known, replayed: true));
        }

        var ended = known.Leases().First(lease => !lease.IsHeld);
        return new Refused(Refusals.LeaseEnded(new(reign.State.Partition, ended.Position), ended.End));
    }

    private static Rejection Reused(AllocateRequest request) => new(
        RejectionReason.RequestIdReused, $"Request id {request.Request} was used with other parameters; nothing was applied.");
}
