using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Which requests the last few calls were granted, for callers that go away before they hear it. A ring; soft.</summary>
internal sealed class RecentCalls
{
    private readonly (CallId Call, RequestId Request)[] ring = new (CallId, RequestId)[Limits.RecentCallsMax];
    private int next;

    public void Add(CallId call, RequestId request)
    {
        ring[next] = (call, request);
        next = (next + 1) % ring.Length;
    }

    public List<RequestId> Of(CallId call)
    {
        var found = new List<RequestId>();
        foreach (var (known, request) in ring)
        {
            if (known == call && !request.IsNone)
            {
                found.Add(request);
            }
        }

        return found;
    }
}
