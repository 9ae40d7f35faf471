using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Leases;

public class ExpiryTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(10);

    [Fact]
    public void A_lease_ends_after_its_ttl_with_the_drift_bound_and_not_before()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease(scenario.Request() with { Ttl = Ttl });

        scenario.Advance(Ttl + TimeSpan.FromMilliseconds(199));
        Assert.Equal(1, scenario.State.LeaseCount);

        scenario.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, scenario.State.LeaseCount);
        Assert.Equal("ttl", scenario.Renew(lease).Rejection!["ended"]);
    }

    [Fact]
    public void An_expired_sandbox_is_not_granted_until_its_gate_acknowledges_the_floor()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 1);
        worker.Fences = false;
        var lease = scenario.Lease(scenario.Request() with { Ttl = Ttl });
        scenario.Advance(TimeSpan.FromSeconds(11));

        var revoke = Assert.Single(worker.Received.OfType<Effects.Revoke>());
        Assert.True(revoke.Floor > lease.Fence.Position);
        Assert.True(scenario.State.TryGetTenantUse(lease.Tenant, out _, out var inUse));
        Assert.Equal(1, inUse);

        scenario.Do(new FloorAcknowledged(worker.Session, lease.Sandbox, lease.Fence.Position));
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out inUse);
        Assert.Equal(1, inUse);

        scenario.Do(new FloorAcknowledged(worker.Session, lease.Sandbox, revoke.Floor));
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out inUse);
        Assert.Equal(0, inUse);
    }

    [Fact]
    public void A_fenced_sandbox_is_granted_with_a_higher_token()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        var first = scenario.Lease(scenario.Request() with { Ttl = Ttl });
        scenario.Advance(TimeSpan.FromSeconds(11));

        var second = scenario.Lease();

        Assert.Equal(first.Sandbox, second.Sandbox);
        Assert.True(second.Fence > first.Fence);
    }

    [Fact]
    public void A_grant_that_nobody_confirms_goes_back_by_itself()
    {
        var scenario = new Scenario();
        scenario.Warm();
        scenario.Lease(scenario.Request() with { Ttl = Ttl, ConfirmWithin = TimeSpan.FromSeconds(2) });

        scenario.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, scenario.State.LeaseCount);
        Assert.Contains(scenario.Journal, entry => entry.LeaseExpired is { Reason: EndReason.Unconfirmed });
    }

    [Fact]
    public void A_grant_that_the_gate_confirms_stays()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease(scenario.Request() with { Ttl = Ttl, ConfirmWithin = TimeSpan.FromSeconds(2) });
        scenario.Do(new GrantConfirmed(worker.Session, lease.Sandbox, lease.Fence));

        scenario.Advance(TimeSpan.FromSeconds(5));

        Assert.True(Assert.Single(scenario.State.HeldLeases(default)).Confirmed);
    }

    [Fact]
    public void A_renewal_gives_the_full_time_anew()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease(scenario.Request() with { Ttl = Ttl });
        scenario.Advance(TimeSpan.FromSeconds(9));
        var renewed = scenario.Renew(lease);
        Assert.Equal(1u, renewed.RenewSequence);

        scenario.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(1, scenario.State.LeaseCount);
        scenario.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, scenario.State.LeaseCount);
    }

    [Fact]
    public void A_committed_renewal_wins_over_an_expiry_that_was_decided_before_it()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease();
        scenario.Renew(lease);
        var core = scenario.Replay();
        var late = new Entry { LeaseExpired = new LeaseExpired { Lease = lease.Id.Position.Value, RenewSequence = 0, Reason = EndReason.Ttl } };

        core.Apply(new EntryContext(core.Applied.Next, core.State.Epoch, core.State.Time), late);

        Assert.Equal(1, core.State.LeaseCount);
        Assert.Equal(scenario.Core.Hash, core.Hash);
    }

    [Fact]
    public void A_failover_gives_every_lease_its_full_time_anew()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease(scenario.Request() with { Ttl = Ttl });
        scenario.Advance(TimeSpan.FromSeconds(9));

        scenario.FailOver();
        scenario.Connect(worker);
        scenario.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(lease.Id, Assert.Single(scenario.State.HeldLeases(default)).Id);

        scenario.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, scenario.State.LeaseCount);
    }
}
