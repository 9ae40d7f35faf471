using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager;
using Google.Protobuf.Collections;
using Domain = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Validation;

/// <summary>What Allocate takes, checked, with the contract's defaults filled in here and nowhere else.</summary>
internal static class AllocateRequests
{
    /// <summary>Shortest time to live, in milliseconds.</summary>
    public const long TtlMsMin = 100;

    /// <summary>Longest time to live, in milliseconds.</summary>
    public const long TtlMsMax = 86_400_000;

    /// <summary>Longest wait for a sandbox, in milliseconds.</summary>
    public const long MaxWaitMsMax = 300_000;

    /// <summary>Most selectors of a request.</summary>
    public const int SelectorsMax = 8;

    /// <summary>Most labels of a selector.</summary>
    public const int SelectorLabelsMax = 8;

    /// <summary>Longest W3C trace context, in characters.</summary>
    public const int TraceParentLengthMax = 128;

    /// <summary>Time to live if the caller does not say.</summary>
    public static readonly TimeSpan TtlDefault = TimeSpan.FromSeconds(60);

    /// <summary>A request for leases.</summary>
    public static Domain.AllocateRequest Allocate(FieldChecks checks, AllocateRequest request) =>
        Read(checks, request, checks.RequestId("request_id", request.RequestId));

    /// <summary>A dry run: its request needs no id.</summary>
    public static Domain.AllocateRequest Explain(FieldChecks checks, AllocateRequest? request)
    {
        if (request is null)
        {
            checks.Fail("request", "missing");
            return Read(new FieldChecks(), new AllocateRequest(), default);
        }

        checks.Enter("request");
        var id = request.RequestId.IsEmpty ? default : checks.RequestId("request_id", request.RequestId);
        var read = Read(checks, request, id);
        checks.Leave();
        return read;
    }

    /// <summary>A batch. One request at fault refuses the whole batch: nothing of it is applied.</summary>
    public static IReadOnlyList<Domain.AllocateRequest> Batch(FieldChecks checks, AllocateBatchRequest request, PartitionMap map)
    {
        var requests = new List<Domain.AllocateRequest>();
        if (!checks.Count("requests", request.Requests.Count, 1, Limits.LeasesPerRequestMax))
        {
            return requests;
        }

        for (var i = 0; i < request.Requests.Count; i++)
        {
            checks.Enter("requests", i);
            requests.Add(Allocate(checks, request.Requests[i]));
            if (checks.AllGood && map.Of(requests[i].Function) is var partition && map.Of(requests[0].Function) is var first && partition != first)
            {
                checks.Fail("function", $"is of partition {partition}, and the first request's of {first}; one call asks one partition");
            }

            if (request.Atomic)
            {
                checks.Require(request.Requests[i].MaxWaitMs == 0, "max_wait_ms", "set in an atomic batch, which never waits");
                checks.Require(request.Requests[i].Tenant == request.Requests[0].Tenant, "tenant", "differs from the first one's in an atomic batch");
            }

            checks.Leave();
        }

        var leases = requests.Sum(one => (long)one.Count);
        checks.Require(leases <= Limits.LeasesPerRequestMax, "requests", string.Create(CultureInfo.InvariantCulture, $"{leases} leases in all are more than {Limits.LeasesPerRequestMax}"));
        return requests;
    }

    private static Domain.AllocateRequest Read(FieldChecks checks, AllocateRequest request, RequestId id)
    {
        var ttl = checks.Milliseconds("ttl_ms", request.TtlMs, TtlMsMin, TtlMsMax, TtlDefault);
        var client = checks.OptionalClientId("client_id", request.ClientId);
        checks.Require(client.IsNone || request.ClientSequence > 0, "client_sequence", "0 with a client_id; a client numbers its requests from 1");
        checks.Require(!request.ClientId.IsEmpty || request.ClientSequence == 0, "client_sequence", "set without a client_id, which it belongs to");
        checks.Require(request.ClientAcknowledged == 0 || request.ClientAcknowledged < request.ClientSequence, "client_acknowledged", "not lower than client_sequence: this request is not over yet");
        checks.Text("traceparent", request.Traceparent, TraceParentLengthMax);
        checks.Known("durability", request.Durability);
        return new Domain.AllocateRequest
        {
            Request = id,
            Client = client,
            ClientSequence = new ClientSequence(request.ClientSequence),
            ClientAcknowledged = new ClientSequence(request.ClientAcknowledged),
            Tenant = checks.Tenant("tenant", request.Tenant),
            Function = checks.Function("function", request.Function),
            FunctionVersion = request.FunctionVersion,
            Selectors = Selectors(checks, request.Selectors),
            Count = request.Count == 0 ? 1 : (int)checks.Range("count", request.Count, 1, Limits.LeasesPerRequestMax),
            Priority = (int)checks.Range("priority", request.Priority, 0, Limits.PriorityMax),
            Zone = request.Zone.Length == 0 ? "" : checks.WellFormedName("zone", request.Zone),
            MaxWait = checks.Milliseconds("max_wait_ms", request.MaxWaitMs, 0, MaxWaitMsMax, TimeSpan.Zero),
            ColdPolicy = Policy(checks.Known("cold_policy", request.ColdPolicy)),
            Ttl = ttl,
            ConfirmWithin = checks.Milliseconds("confirm_within_ms", request.ConfirmWithinMs, 0, (long)ttl.TotalMilliseconds, TimeSpan.Zero),
        };
    }

    private static Domain.ColdPolicy Policy(ColdPolicy policy) => policy switch
    {
        ColdPolicy.WarmOnly => Domain.ColdPolicy.WarmOnly,
        ColdPolicy.Reserve => Domain.ColdPolicy.Reserve,
        _ => Domain.ColdPolicy.Allow,
    };

    private static Domain.Selector[] Selectors(FieldChecks checks, RepeatedField<Selector> selectors)
    {
        if (selectors.Count == 0 || !checks.Count("selectors", selectors.Count, 0, SelectorsMax))
        {
            return [];
        }

        var read = new Domain.Selector[selectors.Count];
        for (var i = 0; i < read.Length; i++)
        {
            checks.Enter("selectors", i);
            read[i] = new Domain.Selector(checks.Labels("match_labels", selectors[i].MatchLabels, SelectorLabelsMax));
            checks.Leave();
        }

        return read;
    }
}
