using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Requests;

public class RetryTests
{
    [Fact]
    public void A_retry_gets_the_same_lease_marked_as_replayed()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var request = scenario.Request();
        var first = scenario.Lease(request);
        var before = scenario.EntryCount;

        var again = scenario.Lease(request with { MaxWait = TimeSpan.FromSeconds(9) });

        Assert.Equal(first with { Replayed = true }, again);
        Assert.Equal(before, scenario.EntryCount);
    }

    [Fact]
    public void A_retry_after_a_failover_gets_the_same_lease()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var request = scenario.Request();
        var first = scenario.Lease(request);

        scenario.FailOver();

        Assert.Equal(first with { Replayed = true }, scenario.Lease(request));
    }

    [Fact]
    public void A_request_id_with_other_parameters_is_refused()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var request = scenario.Request();
        scenario.Lease(request);

        Assert.Equal(RejectionReason.RequestIdReused, scenario.Refused(request with { Ttl = TimeSpan.FromSeconds(7) }).Reason);
        Assert.Equal(RejectionReason.RequestIdReused, scenario.Refused(request with { Tenant = TenantName.Create("other") }).Reason);
    }

    [Fact]
    public void A_retry_of_an_ended_lease_is_told_that_it_ended()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var request = scenario.Request();
        scenario.Release(scenario.Lease(request));

        var refused = scenario.Refused(request);

        Assert.Equal(RejectionReason.LeaseEnded, refused.Reason);
        Assert.Equal("released", refused["ended"]);
    }

    [Fact]
    public void An_acknowledged_request_is_forgotten_at_once_when_it_has_ended()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var client = new ClientId(7);
        var first = scenario.Request() with { Client = client, ClientSequence = new(1) };
        scenario.Release(scenario.Lease(first));

        var second = scenario.Request() with { Client = client, ClientSequence = new(2), ClientAcknowledged = new(1) };
        scenario.Lease(second);

        var unknown = scenario.Ask<Refused>(call => new LookupRequest(call, first.Tenant, first.Request));
        Assert.Equal(RejectionReason.UnknownRequest, unknown.Rejection.Reason);
        Assert.Equal("client_sequence", scenario.Refused(first)["field"]);
    }

    [Fact]
    public void An_ended_request_is_forgotten_when_its_retention_is_over()
    {
        var scenario = new Scenario(new CoreOptions { InitialSettings = Settings.Default with { RequestRetention = TimeSpan.FromSeconds(5) } });
        scenario.Warm();
        var request = scenario.Request();
        var lease = scenario.Lease(request);
        scenario.Release(lease);
        Assert.True(scenario.Release(lease).Replayed);

        scenario.Advance(TimeSpan.FromSeconds(6));
        scenario.Lease();

        Assert.Equal(RejectionReason.UnknownLease, scenario.Release(lease).Rejection!.Reason);
        Assert.Equal(1, scenario.State.RequestCount);
    }

    [Fact]
    public void The_oldest_ended_requests_go_first_when_there_are_too_many()
    {
        var scenario = new Scenario(new CoreOptions { InitialSettings = Settings.Default with { EndedRequestsMax = 2 } });
        scenario.Warm();
        var leases = Enumerable.Range(0, 4).Select(_ =>
        {
            var lease = scenario.Lease();
            scenario.Release(lease);
            return lease;
        }).ToArray();

        Assert.Equal(2, scenario.State.RequestCount);
        Assert.Equal(RejectionReason.UnknownLease, scenario.Release(leases[1]).Rejection!.Reason);
        Assert.True(scenario.Release(leases[2]).Replayed);
    }

    [Fact]
    public void Lookup_tells_how_far_a_request_has_got()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 2);
        var request = scenario.Request() with { Count = 2 };
        var leases = scenario.Ask<Granted>(call => new Allocate(call, request)).Leases;
        var waiting = scenario.Request() with { MaxWait = TimeSpan.FromSeconds(9) };
        scenario.Call(call => new Allocate(call, waiting));

        Assert.Equal(RequestState.Held, Lookup(request).State);
        Assert.Equal(RequestState.Waiting, Lookup(waiting).State);
        scenario.Ask<RequestCancelled>(call => new CancelRequest(call, waiting.Tenant, waiting.Request));
        scenario.Release(leases[0]);
        Assert.Equal(RequestState.PartlyEnded, Lookup(request).State);
        Assert.Equal(leases[1].Id, Assert.Single(Lookup(request).Leases).Id);
        scenario.Release(leases[1]);
        Assert.Equal(RequestState.Ended, Lookup(request).State);

        RequestFound Lookup(AllocateRequest asked) =>
            scenario.Ask<RequestFound>(call => new LookupRequest(call, asked.Tenant, asked.Request));
    }

    [Fact]
    public void Cancelling_ends_what_is_held_through_the_fence()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var request = scenario.Request();
        scenario.Lease(request);

        var cancelled = scenario.Ask<RequestCancelled>(call => new CancelRequest(call, request.Tenant, request.Request));
        var again = scenario.Ask<RequestCancelled>(call => new CancelRequest(call, request.Tenant, request.Request));

        Assert.Equal(new RequestCancelled(1, false), cancelled);
        Assert.Equal(new RequestCancelled(0, false), again);
        Assert.Single(worker.Received.OfType<Effects.Revoke>());
    }

    [Fact]
    public void The_unused_lease_of_a_caller_that_went_away_goes_back()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 2);
        var unused = scenario.Call(call => new Allocate(call, scenario.Request()));
        var used = scenario.Call(call => new Allocate(call, scenario.Request()));
        var lease = ((Granted)scenario.AnswerTo(used)!).Leases[0];
        scenario.Do(new GrantConfirmed(worker.Session, lease.Sandbox, lease.Fence));

        scenario.Do(new CallerGone(unused));
        scenario.Do(new CallerGone(used));

        Assert.Equal(lease.Id, Assert.Single(scenario.State.HeldLeases(default)).Id);
    }
}
