using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Leases;

public class HolderTests
{
    [Fact]
    public void Releasing_twice_is_not_an_error()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease();

        Assert.Equal(new ReleaseResult(null, false), scenario.Release(lease));
        Assert.Equal(new ReleaseResult(null, true), scenario.Release(lease));
        Assert.Equal(0, scenario.State.LeaseCount);
    }

    [Fact]
    public void A_released_token_is_void_at_the_gate_before_the_sandbox_is_granted_again()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 1);
        var released = scenario.Lease();

        scenario.Release(released);
        var next = scenario.Lease();

        var floor = Assert.Single(worker.Received.OfType<Effects.Revoke>()).Floor;
        Assert.InRange(floor.Value, released.Fence.Position.Value + 1, next.Fence.Position.Value - 1);
    }

    [Fact]
    public void A_floor_that_a_broken_session_lost_is_told_again()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 1);
        var released = scenario.Lease();
        scenario.Release(released);
        worker.Received.Clear();

        scenario.Connect(worker);

        Assert.True(Assert.Single(worker.Received.OfType<Effects.Revoke>()).Floor > released.Fence.Position);
    }

    [Fact]
    public void Releasing_an_expired_lease_is_told_so()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease(scenario.Request() with { Ttl = TimeSpan.FromSeconds(1) });
        scenario.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(RejectionReason.LeaseEnded, scenario.Release(lease).Rejection!.Reason);
    }

    [Fact]
    public void Renewing_a_fenced_lease_is_rejected()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        var fenced = scenario.Lease(scenario.Request() with { Ttl = TimeSpan.FromSeconds(1) });
        scenario.Advance(TimeSpan.FromSeconds(2));
        var newer = scenario.Lease();

        Assert.Equal(fenced.Sandbox, newer.Sandbox);
        Assert.Equal(RejectionReason.LeaseEnded, scenario.Renew(fenced).Rejection!.Reason);
    }

    [Fact]
    public void Only_the_token_of_the_grant_renews_and_releases()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease();
        var forged = lease with { Fence = new FencingToken(new Epoch(99), lease.Fence.Position) };

        Assert.Equal(RejectionReason.StaleFence, scenario.Renew(forged).Rejection!.Reason);
        Assert.Equal(RejectionReason.StaleFence, scenario.Release(forged).Rejection!.Reason);
    }

    [Fact]
    public void Another_tenants_lease_is_unknown()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease() with { Tenant = TenantName.Create("thief") };

        Assert.Equal(RejectionReason.UnknownLease, scenario.Renew(lease).Rejection!.Reason);
        Assert.Equal(RejectionReason.UnknownLease, scenario.Release(lease).Rejection!.Reason);
    }

    [Fact]
    public void Renewing_with_no_time_is_rejected()
    {
        var scenario = new Scenario();
        scenario.Warm();

        Assert.Equal(RejectionReason.InvalidField, scenario.Renew(scenario.Lease(), TimeSpan.Zero).Rejection!.Reason);
    }
}
