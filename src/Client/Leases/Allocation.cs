using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Client;

/// <summary>What to lease. Only the function must be said; every other default is the plane's.</summary>
public sealed record Allocation(string Function)
{
    /// <summary>
    /// Null (usual): the client makes one and tells the plane when it may be forgotten. Set it to an id that you have stored
    /// to be able to ask for the same leases from another process, after a crash for instance: such ids are never
    /// acknowledged, so the plane remembers them for its full retention.
    /// </summary>
    public RequestId? RequestId { get; init; }

    /// <summary>0 = the newest.</summary>
    public uint Version { get; init; }

    /// <summary>Tried in order: labels that a worker must have. Empty = any worker.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Selectors { get; init; } = [];

    /// <summary>0 to 9; waiting callers of higher priority are served first.</summary>
    public uint Priority { get; init; }

    /// <summary>Preferred zone, or empty.</summary>
    public string Zone { get; init; } = "";

    /// <summary>How long to wait for a sandbox; zero = fail fast.</summary>
    public TimeSpan MaxWait { get; init; }

    /// <summary>Whether a new sandbox may be started for this call.</summary>
    public ColdPolicy ColdPolicy { get; init; } = ColdPolicy.Allow;

    /// <summary>How long the lease lasts without renewal.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>If neither an invocation nor a renewal comes in this time, the lease goes back by itself; zero = never asked.</summary>
    public TimeSpan ConfirmWithin { get; init; }

    /// <summary>What must be durable before the answer.</summary>
    public Durability Durability { get; init; } = Durability.Journaled;

    /// <summary>W3C trace context, or empty.</summary>
    public string TraceParent { get; init; } = "";

    internal AllocateRequest ToRequest(string tenant, uint count)
    {
        var request = new AllocateRequest
        {
            Tenant = tenant,
            Function = Function,
            FunctionVersion = Version,
            Count = count,
            Priority = Priority,
            Zone = Zone,
            MaxWaitMs = (long)MaxWait.TotalMilliseconds,
            ColdPolicy = ColdPolicy,
            TtlMs = (long)Ttl.TotalMilliseconds,
            ConfirmWithinMs = (long)ConfirmWithin.TotalMilliseconds,
            Durability = Durability,
            Traceparent = TraceParent,
        };
        foreach (var labels in Selectors)
        {
            var selector = new Selector();
            selector.MatchLabels.Add(labels.ToDictionary());
            request.Selectors.Add(selector);
        }

        return request;
    }
}
