using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>A dry run of an allocation by the very code that allocates, with an account of what it looked at.</summary>
internal static class Explanation
{
    public static void Decide(Reign reign, Explain command) => reign.Reply(command.Call, Explain(reign, command));

    private static Explained Explain(Reign reign, Explain command)
    {
        // A dry run may come without ids; any id that is not in use will do.
        var request = command.Request.Request.IsNone ? command.Request with { Request = new(UInt128.MaxValue) } : command.Request;
        var position = reign.State.Applied;
        reign.Plan.Begin();
        if (Admission.Check(reign, request, out var function) is { } rejection)
        {
            return new Explained { Position = position, Verdict = ExplainVerdict.Refused, Refusal = rejection };
        }

        reign.State.Tenants.TryGet(request.Tenant, out var tenant);
        var inspection = new Inspection(command.AssumeConnected);
        CountUnfree(inspection, function);
        var filled = Planner.TryFill(reign, request, function, tenant, inspection);
        var cold = filled ? null : WouldStart(reign, request, function, tenant, inspection);
        var pick = reign.Plan.Picks.Count > 0 ? reign.Plan.Picks[0] : default;
        inspection.Candidates.Sort((left, right) => left.Score.CompareTo(right.Score));
        return new Explained
        {
            Position = position,
            Verdict = filled ? (reign.Plan.Picks.TrueForAll(each => each.Warm) ? ExplainVerdict.Warm : ExplainVerdict.Cold)
                : cold is not null ? ExplainVerdict.Cold
                : ExplainVerdict.None,
            Refusal = filled || request.MaxWait > TimeSpan.Zero ? null : Shortage.Refusal(reign, request, function),
            Sandbox = filled && pick.Sandbox is { } sandbox ? reign.IdOf(sandbox) : default(SandboxId?),
            Worker = (filled ? pick.Host ?? pick.Sandbox?.Worker : cold)?.Name,
            SandboxesConsidered = inspection.Sandboxes.Considered,
            SandboxFilters = inspection.Sandboxes.Removed(),
            WorkersConsidered = inspection.Workers.Considered,
            WorkerFilters = inspection.Workers.Removed(),
            Candidates = inspection.Candidates,
        };
    }

    /// <summary>Would a new sandbox be started for the caller to wait for?</summary>
    private static Worker? WouldStart(Reign reign, AllocateRequest request, FunctionVersion function, Tenant? tenant, Inspection inspection) =>
        request.ColdPolicy == ColdPolicy.Allow && request.MaxWait > TimeSpan.Zero
            ? reign.Placement.Choose(reign, request, function, tenant, inspection)
            : null;

    private static void CountUnfree(Inspection inspection, FunctionVersion function)
    {
        inspection.Sandboxes.Count("starting", function.Count(SandboxStanding.Starting));
        inspection.Sandboxes.Count("leased", function.Count(SandboxStanding.Leased));
        inspection.Sandboxes.Count("awaiting-fence", function.Count(SandboxStanding.Releasing));
        inspection.Sandboxes.Count("retired", function.Count(SandboxStanding.Retired));
        inspection.Sandboxes.Count("quarantined", function.Count(SandboxStanding.Quarantined));
    }
}
