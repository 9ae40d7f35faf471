using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Decides an allocation: a known request's answer again, a refusal, a grant now, or a wait.</summary>
internal static class Allocation
{
    public static void Decide(Reign reign, Allocate command) => Start(reign, command.Request, new Answer(command.Call));

    public static void Start(Reign reign, AllocateRequest request, Answer answer)
    {
        var hash = ParametersHash.Of(request, reign.Scratch);
        if (Retry.Answer(reign, request, hash) is { } known)
        {
            answer.Give(reign, known);
            return;
        }

        SupersedeWaiting(reign, request);
        reign.Plan.Begin();
        if (Admission.Check(reign, request, out var function) is { } rejection)
        {
            answer.Give(reign, new Refused(rejection));
            return;
        }

        reign.State.Tenants.TryGet(request.Tenant, out var tenant);
        if (!MustQueue(request, function) && Planner.TryFill(reign, request, function, tenant))
        {
            Granting.Commit(reign, request, function, hash, answer);
        }
        else if (request.MaxWait == TimeSpan.Zero || Shortage.IsForGood(reign, request, function))
        {
            answer.Give(reign, new Refused(Shortage.Refusal(reign, request, function)));
        }
        else
        {
            Waiters.Add(reign, request, function, hash, answer);
        }
    }

    /// <summary>Requests that wait for their turn at a backlog are not overtaken by new ones.</summary>
    private static bool MustQueue(AllocateRequest request, FunctionVersion function) =>
        function is { IsTouched: true, Waiting.Count: > 0 } && request.MaxWait > TimeSpan.Zero;

    /// <summary>A retry of a waiting request takes its place; the earlier call has most likely been given up.</summary>
    private static void SupersedeWaiting(Reign reign, AllocateRequest request)
    {
        if (reign.Waiting.TryGet(request.Request, out var waiter))
        {
            Waiters.Drop(reign, waiter, new Rejection(
                RejectionReason.OutcomeUnknown, "Another call with the same request id took this one's place; retry to learn the outcome."));
        }
    }
}
