using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Workers;

public class LossAndDrainTests
{
    private static readonly WorkerName W1 = WorkerName.Create("w1");

    [Fact]
    public void A_silent_worker_is_lost_and_its_leases_are_over()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease();
        worker.Beats = false;

        scenario.Advance(scenario.Options.LostAfter);

        Assert.Equal(WorkerStanding.Lost, Assert.Single(scenario.State.Workers()).Standing);
        Assert.Equal("worker_lost", scenario.Renew(lease).Rejection!["ended"]);
        Assert.IsType<CloseSession>(worker.Received[^1]);
    }

    [Fact]
    public void A_worker_that_beats_is_not_lost()
    {
        var scenario = new Scenario();
        scenario.Warm();

        scenario.Advance(3 * scenario.Options.LostAfter);

        Assert.Equal(WorkerStanding.Ready, Assert.Single(scenario.State.Workers()).Standing);
    }

    [Fact]
    public void A_lost_worker_that_returns_ends_what_it_had_before_its_slots_are_used_again()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 2);
        var lease = scenario.Lease();
        worker.Beats = false;
        scenario.Advance(scenario.Options.LostAfter);
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out var inUse);
        Assert.Equal(1, inUse);

        worker.Beats = true;
        scenario.Connect(worker);
        scenario.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(2, worker.Received.OfType<DestroySandbox>().Count());
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out inUse);
        Assert.Equal(0, inUse);
        Assert.NotEqual(lease.Sandbox, scenario.Lease().Sandbox);
    }

    [Fact]
    public void Draining_a_lost_worker_writes_its_sandboxes_off()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease();
        worker.Beats = false;
        scenario.Advance(scenario.Options.LostAfter);

        scenario.Ask<Done>(call => new DrainWorker(call, W1, TimeSpan.Zero));

        Assert.Equal(0, scenario.State.SandboxCount);
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out var inUse);
        Assert.Equal(0, inUse);
    }

    [Fact]
    public void A_cordoned_worker_takes_nothing_new_and_what_runs_goes_on()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var lease = scenario.Lease();
        scenario.Ask<Done>(call => new CordonWorker(call, W1));
        var before = scenario.EntryCount;
        scenario.Ask<Done>(call => new CordonWorker(call, W1));

        Assert.Equal(before, scenario.EntryCount);
        Assert.Equal(RejectionReason.NoWarm, scenario.Refused(scenario.Request()).Reason);
        Assert.Null(scenario.Renew(lease).Rejection);
        scenario.Ask<Done>(call => new UncordonWorker(call, W1));
        scenario.Lease();
    }

    [Fact]
    public void Draining_ends_free_sandboxes_now_and_leases_at_the_deadline()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 3);
        var lease = scenario.Lease();

        scenario.Ask<Done>(call => new DrainWorker(call, W1, TimeSpan.FromSeconds(10)));
        Assert.Equal(1, scenario.State.SandboxCount);

        scenario.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("drained", scenario.Renew(lease).Rejection!["ended"]);
        Assert.Equal(0, scenario.State.SandboxCount);
    }

    [Fact]
    public void A_drain_deadline_outlives_a_failover()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        scenario.Lease();
        scenario.Ask<Done>(call => new DrainWorker(call, W1, TimeSpan.FromSeconds(10)));

        scenario.FailOver();
        scenario.Connect(worker);
        scenario.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(0, scenario.State.LeaseCount);
    }

    [Fact]
    public void A_drained_worker_stays_drained_over_its_restart()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        scenario.Ask<Done>(call => new DrainWorker(call, W1, TimeSpan.Zero));
        scenario.Disconnect(worker);
        worker.Restart(keepsSandboxes: false);

        scenario.Connect(worker);

        Assert.Equal(WorkerStanding.Draining, Assert.Single(scenario.State.Workers()).Standing);
        Assert.Equal(0, scenario.State.SandboxCount);
    }

    [Fact]
    public void An_unknown_worker_is_refused()
    {
        var scenario = new Scenario();

        var refused = scenario.Ask<Refused>(call => new CordonWorker(call, W1));

        Assert.Equal(RejectionReason.UnknownWorker, refused.Rejection.Reason);
    }
}
