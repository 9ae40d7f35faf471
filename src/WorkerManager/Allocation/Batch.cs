using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Several requests in one call: each for itself, or all in one atomic group of entries.</summary>
internal static class Batch
{
    public static void Decide(Reign reign, AllocateBatch command)
    {
        if (Malformed(command) is { } rejection)
        {
            reign.Reply(command.Call, new Refused(rejection));
        }
        else if (command.Atomic)
        {
            reign.Reply(command.Call, new BatchAnswered(Atomic(reign, command)));
        }
        else
        {
            var batch = new BatchAnswer(command.Requests.Count);
            for (var i = 0; i < command.Requests.Count; i++)
            {
                Allocation.Start(reign, command.Requests[i], new Answer(command.Call, batch, i));
            }
        }
    }

    /// <summary>Plans all before anything is journaled; one that cannot be had refuses the others.</summary>
    private static Outcome[] Atomic(Reign reign, AllocateBatch command)
    {
        var parts = new Part[command.Requests.Count];
        reign.Plan.Begin();
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Plan(reign, command.Requests[i]);
            if (parts[i].Known is Refused refused)
            {
                return RefuseAll(parts.Length, i, refused);
            }
        }

        var outcomes = new Outcome[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (known, function, hash, first) = parts[i];
            outcomes[i] = known
                ?? new Granted(Granting.Grant(reign, command.Requests[i], function!, hash, command.Call, first));
        }

        return outcomes;
    }

    private static Part Plan(Reign reign, AllocateRequest request)
    {
        var hash = ParametersHash.Of(request, reign.Scratch);
        if (Retry.Answer(reign, request, hash) is { } known)
        {
            return new(known, null, hash, 0);
        }

        if (Admission.Check(reign, request, out var function) is { } rejection)
        {
            return new(new Refused(rejection), null, hash, 0);
        }

        reign.State.Tenants.TryGet(request.Tenant, out var tenant);
        var first = reign.Plan.Picks.Count;
        return Planner.TryFill(reign, request, function, tenant)
            ? new(null, function, hash, first)
            : new(new Refused(Shortage.Refusal(reign, request, function)), null, hash, 0);
    }

    private static Outcome[] RefuseAll(int count, int failed, Refused refused)
    {
        var others = refused.Rejection with { Message = $"Nothing was granted, because request {failed} of the atomic batch was refused: {refused.Rejection.Message}" };
        var outcomes = new Outcome[count];
        Array.Fill(outcomes, new Refused(others));
        outcomes[failed] = refused;
        return outcomes;
    }

    private static Rejection? Malformed(AllocateBatch command)
    {
        var ids = new HashSet<UInt128>();
        var leases = 0;
        foreach (var request in command.Requests)
        {
            leases += Math.Clamp(request.Count, 0, Limits.LeasesPerRequestMax);
            if (!ids.Add(request.Request.Value))
            {
                return Refusals.Invalid("requests", "a request id appears twice");
            }

            if (command.Atomic && request.MaxWait > TimeSpan.Zero)
            {
                return Refusals.Invalid("max_wait_ms", "0 in an atomic batch");
            }

            if (command.Atomic && request.Tenant != command.Requests[0].Tenant)
            {
                return Refusals.Invalid("tenant", "one for all requests of an atomic batch");
            }
        }

        return leases is < 1 or > Limits.LeasesPerRequestMax
            ? Refusals.Invalid("requests", $"1 to {Limits.LeasesPerRequestMax} leases in all")
            : null;
    }

    /// <summary>One request of the batch: an answer that is known already, or where its picks begin in the plan.</summary>
    private readonly record struct Part(Outcome? Known, FunctionVersion? Function, ulong ParametersHash, int FirstPick);
}
