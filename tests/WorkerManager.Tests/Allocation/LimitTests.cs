using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Allocation;

public class LimitTests
{
    [Fact]
    public void A_tenant_at_its_limit_is_refused_with_the_figures_and_nothing_is_journaled()
    {
        var scenario = new Scenario();
        scenario.Warm();
        scenario.Ask<Done>(call => new SetTenantLimit(call, TenantName.Create("acme"), 1));
        scenario.Lease();
        var before = scenario.EntryCount;

        var refused = scenario.Refused(scenario.Request());

        Assert.Equal(RejectionReason.TenantLimit, refused.Reason);
        Assert.Equal(("1", "1"), (refused["current"], refused["max"]));
        Assert.Equal(before, scenario.EntryCount);
        Assert.Equal("other", scenario.Lease(scenario.Request(tenant: "other")).Tenant.Value);
    }

    [Fact]
    public void A_lost_use_counts_until_the_gate_has_fenced_it()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        worker.Fences = false;
        scenario.Ask<Done>(call => new SetTenantLimit(call, TenantName.Create("acme"), 1));
        scenario.Lease(scenario.Request() with { Ttl = TimeSpan.FromSeconds(1) });
        scenario.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RejectionReason.TenantLimit, scenario.Refused(scenario.Request()).Reason);

        var revoke = Assert.Single(worker.Received.OfType<Effects.Revoke>());
        scenario.Do(new FloorAcknowledged(worker.Session, revoke.Sandbox, revoke.Floor));

        scenario.Lease();
    }

    [Fact]
    public void Reserved_concurrency_is_also_the_cap()
    {
        var scenario = new Scenario();
        scenario.Deploy(warm: 3, reserved: 2);
        scenario.Connect(sandboxes: 3);
        scenario.Advance(TimeSpan.FromSeconds(5));
        scenario.Lease();
        scenario.Lease();

        var refused = scenario.Refused(scenario.Request());

        Assert.Equal(RejectionReason.FunctionLimit, refused.Reason);
        Assert.Equal("2", refused["max"]);
    }

    [Fact]
    public void Reserved_concurrency_is_carved_out_of_the_partitions_pool()
    {
        var scenario = new Scenario(new CoreOptions { InitialSettings = Settings.Default with { PartitionLeaseLimit = 3 } });
        scenario.Deploy("reserved", reserved: 2, warm: 2);
        scenario.Deploy("echo", warm: 3);
        scenario.Connect(sandboxes: 5);
        scenario.Advance(TimeSpan.FromSeconds(5));
        scenario.Lease();

        var refused = scenario.Refused(scenario.Request());

        Assert.Equal(RejectionReason.FunctionLimit, refused.Reason);
        Assert.Equal(("1", "1"), (refused["current"], refused["max"]));
        scenario.Lease(scenario.Request("reserved"));
        scenario.Lease(scenario.Request("reserved"));
    }

    [Fact]
    public void An_atomic_batch_counts_its_own_requests_against_the_limit()
    {
        var scenario = new Scenario();
        scenario.Warm();
        scenario.Ask<Done>(call => new SetTenantLimit(call, TenantName.Create("acme"), 1));
        AllocateRequest[] requests = [scenario.Request(), scenario.Request()];

        var outcomes = scenario.Ask<BatchAnswered>(call => new AllocateBatch(call, requests, Atomic: true)).Outcomes;

        Assert.All(outcomes, outcome => Assert.Equal(RejectionReason.TenantLimit, Assert.IsType<Refused>(outcome).Rejection.Reason));
        Assert.Equal(0, scenario.State.LeaseCount);
    }

    [Fact]
    public void A_best_effort_batch_grants_what_it_can()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        AllocateRequest[] requests = [scenario.Request(), scenario.Request()];

        var outcomes = scenario.Ask<BatchAnswered>(call => new AllocateBatch(call, requests, Atomic: false)).Outcomes;

        Assert.IsType<Granted>(outcomes[0]);
        Assert.Equal(RejectionReason.NoWarm, Assert.IsType<Refused>(outcomes[1]).Rejection.Reason);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(101, 0)]
    [InlineData(1, 10)]
    public void Values_that_cannot_be_served_are_named(int count, int priority)
    {
        var scenario = new Scenario();
        scenario.Warm();

        Assert.Equal(RejectionReason.InvalidField, scenario.Refused(scenario.Request() with { Count = count, Priority = priority }).Reason);
    }
}
