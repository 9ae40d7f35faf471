using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Allocation;

public class WarmAllocationTests
{
    [Fact]
    public void A_free_sandbox_is_leased_at_once()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 2);

        var lease = scenario.Lease();

        Assert.True(lease.Warm);
        Assert.False(lease.Replayed);
        Assert.Equal(ChoiceReason.WarmRecent, lease.ChosenBecause);
        Assert.Equal(lease.Id.Position, lease.Fence.Position);
        Assert.Contains(worker.Received, message => message is Effects.Grant grant && grant.Fence == lease.Fence);
    }

    [Fact]
    public void Two_callers_never_get_the_same_sandbox()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 2);

        var first = scenario.Lease();
        var second = scenario.Lease();

        Assert.NotEqual(first.Sandbox, second.Sandbox);
        Assert.Equal(RejectionReason.NoWarm, scenario.Refused(scenario.Request()).Reason);
    }

    [Fact]
    public void The_most_recently_used_sandbox_is_chosen()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 3);
        var first = scenario.Lease();
        var second = scenario.Lease();
        scenario.Release(second);
        scenario.Release(first);

        Assert.Equal(first.Sandbox, scenario.Lease().Sandbox);
    }

    [Fact]
    public void A_tenant_returns_to_the_worker_where_it_already_runs_the_function()
    {
        var scenario = new Scenario();
        scenario.Deploy(warm: 4);
        scenario.Connect("w1", sandboxes: 2, labels: ("name", "w1"));
        scenario.Connect("w2", sandboxes: 2, labels: ("name", "w2"));
        scenario.Advance(TimeSpan.FromSeconds(10));
        scenario.Lease(scenario.Request(tenant: "acme") with { Selectors = [On("w1")] });
        scenario.Release(scenario.Lease(scenario.Request(tenant: "other") with { Selectors = [On("w2")] }));

        // The most recently used one is on w2: only the tenant's own use speaks for w1.
        var next = scenario.Lease(scenario.Request(tenant: "acme"));
        var strangers = scenario.Lease(scenario.Request(tenant: "other"));

        Assert.Equal(("w1", ChoiceReason.WarmSticky), (next.Worker.Value, next.ChosenBecause));
        Assert.Equal(("w2", ChoiceReason.WarmRecent), (strangers.Worker.Value, strangers.ChosenBecause));
    }

    [Fact]
    public void Several_are_leased_all_or_none()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 3);

        var refused = scenario.Refused(scenario.Request() with { Count = 4 });
        var granted = scenario.Ask<Granted>(call => new Allocate(call, scenario.Request() with { Count = 3 }));

        Assert.Equal(RejectionReason.NoWarm, refused.Reason);
        Assert.Equal(3, granted.Leases.Select(lease => lease.Sandbox).Distinct().Count());
    }

    [Fact]
    public void An_unknown_function_is_refused_and_nothing_is_journaled()
    {
        var scenario = new Scenario();
        var before = scenario.EntryCount;

        Assert.Equal(RejectionReason.UnknownFunction, scenario.Refused(scenario.Request("nothing")).Reason);
        Assert.Equal(before, scenario.EntryCount);
    }

    [Fact]
    public void An_older_version_takes_no_leases()
    {
        var scenario = new Scenario();
        scenario.Warm();
        scenario.Deploy(code: "/newer");

        var refused = scenario.Refused(scenario.Request() with { FunctionVersion = 1 });

        Assert.Equal(RejectionReason.UnknownFunction, refused.Reason);
    }

    [Fact]
    public void The_preferred_zone_comes_before_the_most_recent()
    {
        var scenario = new Scenario();
        scenario.Deploy(warm: 4);
        scenario.Connect("east", sandboxes: 2, zone: "east");
        scenario.Connect("west", sandboxes: 2, zone: "west");
        scenario.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("east", scenario.Lease(scenario.Request() with { Zone = "east" }).Worker.Value);
        Assert.Equal("west", scenario.Lease(scenario.Request() with { Zone = "west" }).Worker.Value);
        Assert.Equal("east", scenario.Lease(scenario.Request() with { Zone = "east" }).Worker.Value);
        Assert.Equal("west", scenario.Lease(scenario.Request() with { Zone = "east" }).Worker.Value);
    }

    [Fact]
    public void Selectors_are_tried_in_order()
    {
        var scenario = new Scenario();
        scenario.Deploy(warm: 4);
        scenario.Connect("big", sandboxes: 2, labels: ("size", "big"));
        scenario.Connect("small", sandboxes: 2, labels: ("size", "small"));
        scenario.Advance(TimeSpan.FromSeconds(10));
        Selector[] preferBig = [new([new("size", "big")]), new([new("size", "small")])];

        var workers = Enumerable.Range(0, 4).Select(_ => scenario.Lease(scenario.Request() with { Selectors = preferBig }).Worker.Value);

        Assert.Equal(["big", "big", "small", "small"], workers);
        Selector[] none = [new([new("size", "huge")])];
        Assert.Equal(RejectionReason.NoWarm, scenario.Refused(scenario.Request() with { Selectors = none }).Reason);
    }

    private static Selector On(string worker) => new([new("name", worker)]);
}
