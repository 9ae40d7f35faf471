using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>All waiting requests, bounded in all and per tenant, found by request id and by call.</summary>
internal sealed class WaitingRoom(PartitionState state)
{
    private readonly Dictionary<UInt128, Waiter> byRequest = [];
    private readonly Dictionary<ulong, Waiter> byCall = [];
    private readonly Dictionary<string, int> byTenant = new(StringComparer.Ordinal);
    private readonly SortedDictionary<ulong, FunctionVersion> functions = [];

    public int Count => byRequest.Count;

    /// <summary>True if somebody waits only because of a limit: an ended lease of any function may let it in.</summary>
    public bool AnyHeldBackByLimit { get; set; }

    public int CountOf(TenantName tenant) => byTenant.GetValueOrDefault(tenant.Value);

    public bool TryGet(RequestId request, [NotNullWhen(true)] out Waiter? waiter) => byRequest.TryGetValue(request.Value, out waiter);

    public Waiter? OfCall(CallId call) => byCall.GetValueOrDefault(call.Value);

    public void Add(Waiter waiter)
    {
        byRequest.Add(waiter.Request.Request.Value, waiter);
        waiter.NextOfCall = OfCall(waiter.Answer.Call);
        byCall[waiter.Answer.Call.Value] = waiter;
        byTenant[waiter.Request.Tenant.Value] = CountOf(waiter.Request.Tenant) + 1;
        waiter.Function.Waiting.Add(waiter);
        functions[waiter.Function.Position.Value] = waiter.Function;
        state.WaitingCount = Count;
    }

    public void Remove(Waiter waiter)
    {
        byRequest.Remove(waiter.Request.Request.Value);
        RemoveFromCall(waiter);
        var left = CountOf(waiter.Request.Tenant) - 1;
        Invariant.Check(left >= 0, "a tenant's count of waiting requests is never negative");
        if (left == 0)
        {
            byTenant.Remove(waiter.Request.Tenant.Value);
        }
        else
        {
            byTenant[waiter.Request.Tenant.Value] = left;
        }

        waiter.Function.Waiting.Remove(waiter);
        if (waiter.Function.Waiting.Count == 0)
        {
            functions.Remove(waiter.Function.Position.Value);
        }

        state.Timers.Cancel(waiter);
        state.WaitingCount = Count;
    }

    /// <summary>Has every function with waiting requests looked after.</summary>
    public void TouchAll()
    {
        foreach (var function in functions.Values)
        {
            state.Touch(function);
        }
    }

    private void RemoveFromCall(Waiter waiter)
    {
        var call = waiter.Answer.Call.Value;
        var first = byCall[call];
        if (!ReferenceEquals(first, waiter))
        {
            var before = first;
            while (!ReferenceEquals(before.NextOfCall, waiter))
            {
                before = before.NextOfCall!;
            }

            before.NextOfCall = waiter.NextOfCall;
        }
        else if (waiter.NextOfCall is { } next)
        {
            byCall[call] = next;
        }
        else
        {
            byCall.Remove(call);
        }
    }
}
