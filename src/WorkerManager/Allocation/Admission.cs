using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>What is checked before any sandbox is looked at, so that a refusal costs next to nothing.</summary>
internal static class Admission
{
    /// <summary>Finds the function version that the request means, or refuses.</summary>
    public static Rejection? Check(Reign reign, AllocateRequest request, out FunctionVersion function)
    {
        function = null!;
        if (Malformed(request) is { } invalid)
        {
            return invalid;
        }

        var state = reign.State;
        if (state.Requests.ClientOrNull(request.Client) is { } client && request.ClientSequence <= client.Acknowledged)
        {
            return Refusals.Invalid("client_sequence", "the client has acknowledged it already; a new request needs a new number");
        }

        if (!state.FunctionTable.TryGetFamily(request.Function, out var family) || family.Current is not { } current)
        {
            return Refusals.UnknownFunction(request.Function, request.FunctionVersion);
        }

        if (request.FunctionVersion != 0 && request.FunctionVersion != current.Version)
        {
            return Refusals.UnknownFunction(request.Function, request.FunctionVersion);
        }

        function = current;
        if (!state.Tenants.TryGet(request.Tenant, out var tenant) && state.TenantCount >= Limits.TenantsMax)
        {
            return Refusals.Overloaded("tenants", Limits.TenantsMax, reign.Options.RetryAfter);
        }

        return CheckLimits(reign, request, current, tenant);
    }

    /// <summary>Would the request, with what the plan already takes, keep the tenant's, the function's and the pool's limits?</summary>
    public static Rejection? CheckLimits(Reign reign, AllocateRequest request, FunctionVersion function, Tenant? tenant)
    {
        var state = reign.State;
        var planned = reign.Plan.Picks.Count;
        var tenantLimit = state.LimitOf(tenant);
        var tenantUse = (tenant?.InUse ?? 0) + planned;
        if (tenantLimit > 0 && tenantUse + request.Count > tenantLimit)
        {
            return Limit(RejectionReason.TenantLimit, $"Tenant {request.Tenant}", tenantUse, tenantLimit);
        }

        var family = function.Family;
        if (family.Reserved > 0)
        {
            var use = family.InUse + reign.Plan.CountOf(family);
            return use + request.Count > family.Reserved
                ? Limit(RejectionReason.FunctionLimit, $"Function {family.Name}", use, family.Reserved)
                : null;
        }

        if (state.Settings.PartitionLeaseLimit == 0)
        {
            return null;
        }

        var pool = Math.Max(0, state.Settings.PartitionLeaseLimit - state.FunctionTable.ReservedTotal);
        var poolUse = state.FunctionTable.UnreservedInUse + reign.Plan.CountUnreserved();
        return poolUse + request.Count > pool
            ? Limit(RejectionReason.FunctionLimit, "The pool of functions without reserved concurrency", poolUse, pool)
            : null;
    }

    private static Rejection? Malformed(AllocateRequest request) =>
        request.Count is < 1 or > Limits.LeasesPerRequestMax ? Refusals.Invalid("count", $"1 to {Limits.LeasesPerRequestMax}")
        : request.Priority is < 0 or > Limits.PriorityMax ? Refusals.Invalid("priority", $"0 to {Limits.PriorityMax}")
        : request.Request.IsNone ? Refusals.Invalid("request_id", "16 bytes, not all zero")
        : request.Ttl < TimeSpan.FromMilliseconds(1) ? Refusals.Invalid("ttl_ms", "at least 1")
        : request.ConfirmWithin < TimeSpan.Zero || request.ConfirmWithin > request.Ttl ? Refusals.Invalid("confirm_within_ms", "0 to ttl_ms")
        : request.MaxWait < TimeSpan.Zero ? Refusals.Invalid("max_wait_ms", "not negative")
        : null;

    private static Rejection Limit(RejectionReason reason, string who, long current, long max) => new(
        reason,
        $"{who} uses {current} of {max} concurrent leases.",
        [new("current", Refusals.Text(current)), new("max", Refusals.Text(max))]);
}
