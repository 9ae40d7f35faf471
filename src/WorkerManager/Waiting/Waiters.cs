using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>
/// How a request comes to wait, and how it stops: served, timed out, dropped. A request for several sandboxes is served
/// when all can be had at once; until then it does not hold back smaller ones behind it, so that one large request
/// cannot stall a function.
/// </summary>
internal static class Waiters
{
    public static void Add(Reign reign, AllocateRequest request, FunctionVersion function, ulong parametersHash, Answer answer)
    {
        if (reign.Waiting.Count >= Limits.WaitersMax)
        {
            answer.Give(reign, new Refused(Refusals.Overloaded("waiting requests", Limits.WaitersMax, reign.Options.RetryAfter)));
            return;
        }

        if (reign.Waiting.CountOf(request.Tenant) >= Limits.WaitersPerTenantMax)
        {
            answer.Give(reign, new Refused(Refusals.Overloaded("waiting requests of the tenant", Limits.WaitersPerTenantMax, reign.Options.RetryAfter)));
            return;
        }

        var waiter = new Waiter(request, function, parametersHash, answer);
        reign.Waiting.Add(waiter);
        reign.Timers.Set(waiter, reign.Now.Plus(request.MaxWait));
        reign.State.Touch(function);
    }

    /// <summary>
    /// Serves who can be served, in order, and stops when nobody can be: with thousands waiting, a release must cost no
    /// more than the one it serves. False if the budget ran out.
    /// </summary>
    public static bool Serve(Reign reign, FunctionVersion function, ref int budget)
    {
        var room = true;
        for (var waiter = function.Waiting.First; waiter is not null;)
        {
            if (function.Free.Count == 0 && !(room && function.Waiting.ReservingCount > 0))
            {
                return true;
            }

            if (budget <= 0)
            {
                return false;
            }

            var next = function.Waiting.After(waiter);
            var attempt = TryServe(reign, waiter);
            budget -= attempt == Attempt.Served ? waiter.Request.Count : 0;
            room &= !(attempt == Attempt.NoSandbox && TakesAnyNewSandbox(waiter.Request));
            waiter = next;
        }

        return true;
    }

    public static void TimeOut(Reign reign, Waiter waiter) =>
        Drop(reign, waiter, new Rejection(
            RejectionReason.DeadlineBeforeAppend,
            $"No sandbox of {waiter.Function.Definition.Name} became available within {waiter.Request.MaxWait.TotalMilliseconds} ms; nothing happened."));

    public static void Drop(Reign reign, Waiter waiter, Rejection rejection)
    {
        reign.Waiting.Remove(waiter);
        waiter.Answer.Give(reign, new Refused(rejection));
    }

    public static void RefuseAll(Reign reign, FunctionVersion function, Refused refused)
    {
        while (function.Waiting.First is { } waiter)
        {
            Drop(reign, waiter, refused.Rejection);
        }
    }

    /// <summary>If not even this one can be placed, no other reservation can.</summary>
    private static bool TakesAnyNewSandbox(AllocateRequest request) =>
        request is { ColdPolicy: ColdPolicy.Reserve, Count: 1, Selectors.Count: 0 };

    private static Attempt TryServe(Reign reign, Waiter waiter)
    {
        var request = waiter.Request;
        reign.State.Tenants.TryGet(request.Tenant, out var tenant);
        reign.Plan.Begin();
        if (Admission.CheckLimits(reign, request, waiter.Function, tenant) is not null)
        {
            reign.Waiting.AnyHeldBackByLimit = true;
            return Attempt.HeldBack;
        }

        if (!Planner.TryFill(reign, request, waiter.Function, tenant))
        {
            return Attempt.NoSandbox;
        }

        reign.Waiting.Remove(waiter);
        Granting.Commit(reign, request, waiter.Function, waiter.ParametersHash, waiter.Answer);
        return Attempt.Served;
    }

    private enum Attempt
    {
        Served,

        /// <summary>By a limit.</summary>
        HeldBack,
        NoSandbox,
    }
}
