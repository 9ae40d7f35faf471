using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Carries a plan out: journals the grants, tells the gates, answers the caller.</summary>
internal static class Granting
{
    /// <summary>Grants all of the plan's picks to one request and answers it.</summary>
    public static void Commit(Reign reign, AllocateRequest request, FunctionVersion function, ulong parametersHash, Answer answer)
    {
        var leases = Grant(reign, request, function, parametersHash, answer.Call, first: 0);
        answer.Give(reign, new Granted(leases));
    }

    /// <summary>Grants the plan's picks from <paramref name="first"/> on, as many as the request asks for.</summary>
    public static LeaseView[] Grant(Reign reign, AllocateRequest request, FunctionVersion function, ulong parametersHash, CallId call, int first)
    {
        var tenant = TenantOf(reign, request);
        var views = new LeaseView[request.Count];
        for (var i = 0; i < request.Count; i++)
        {
            var pick = reign.Plan.Picks[first + i];
            var sandbox = pick.Sandbox ?? Creation.Create(reign, pick.Host!, function);
            var position = reign.Emit(EntryFor(request, parametersHash, tenant, sandbox, pick, i));
            var lease = reign.State.Leases.All.Get(position.Value);
            LeaseTimer.Start(reign, lease);
            GateMessages.Grant(reign, lease);
            views[i] = StateViews.Of(reign.State, lease, replayed: false);
        }

        reign.RecentCalls.Add(call, request.Request);
        return views;
    }

    private static Tenant TenantOf(Reign reign, AllocateRequest request)
    {
        if (reign.State.Tenants.TryGet(request.Tenant, out var known))
        {
            return known;
        }

        var position = reign.Emit(new Entry { TenantAdded = new TenantAdded { Name = request.Tenant.Value } });
        return reign.State.Tenants.All.Get(position.Value);
    }

    private static Entry EntryFor(AllocateRequest request, ulong parametersHash, Tenant tenant, Sandbox sandbox, in Pick pick, int index) => new()
    {
        LeaseGranted = new LeaseGranted
        {
            Sandbox = sandbox.Position.Value,
            Tenant = tenant.Position.Value,
            RequestHigh = (ulong)(request.Request.Value >> 64),
            RequestLow = unchecked((ulong)request.Request.Value),
            RequestIndex = (uint)index,
            RequestCount = (uint)request.Count,
            ParametersHash = parametersHash,
            ClientHigh = (ulong)(request.Client.Value >> 64),
            ClientLow = unchecked((ulong)request.Client.Value),
            ClientSequence = request.ClientSequence.Value,
            ClientAcknowledged = request.ClientAcknowledged.Value,
            TtlMs = Milliseconds.Of(request.Ttl),
            ConfirmWithinMs = Milliseconds.Of(request.ConfirmWithin),
            Warm = pick.Warm,
            Reason = pick.Reason,
        },
    };
}
