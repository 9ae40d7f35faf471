using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Workers;

public class ConnectionTests
{
    [Fact]
    public void A_reconnect_of_the_same_incarnation_journals_nothing_and_repeats_what_holds()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease();
        var before = scenario.EntryCount;
        worker.Received.Clear();

        scenario.Disconnect(worker);
        scenario.Connect(worker);

        Assert.Equal(before, scenario.EntryCount);
        Assert.Equal(lease.Fence, Assert.Single(worker.Received.OfType<Grant>()).Fence);
    }

    [Fact]
    public void A_new_incarnation_that_found_its_sandboxes_again_keeps_leases_and_tokens()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease();
        scenario.Disconnect(worker);
        worker.Restart(keepsSandboxes: true);

        scenario.Connect(worker);

        Assert.Equal(lease.Fence, Assert.Single(scenario.State.HeldLeases(default)).Fence);
        Assert.Equal(3, scenario.State.SandboxCount);
        Assert.Equal(new RenewResult(null, 1, lease.Ttl), scenario.Renew(lease));
    }

    [Fact]
    public void What_a_new_incarnation_does_not_have_is_dead_and_its_leases_are_over()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm();
        var lease = scenario.Lease();
        scenario.Disconnect(worker);
        worker.Restart(keepsSandboxes: false);

        scenario.Connect(worker);

        Assert.Equal(0, scenario.State.LeaseCount);
        Assert.Equal("sandbox_died", scenario.Renew(lease).Rejection!["ended"]);
        scenario.State.TryGetTenantUse(lease.Tenant, out _, out var inUse);
        Assert.Equal(0, inUse);
    }

    [Fact]
    public void An_unknown_sandbox_is_quarantined_and_never_killed()
    {
        var scenario = new Scenario();
        var worker = new SimulatedWorker("w1", 10, 10_000, "", []);
        var stranger = new SandboxId(new PartitionId(0), new SequenceNumber(4_711));
        worker.Has(stranger);

        scenario.Connect(worker);

        Assert.Equal([stranger], worker.Quarantined);
        Assert.DoesNotContain(worker.Received, message => message is DestroySandbox);
        Assert.Equal([stranger], Assert.Single(scenario.State.Workers()).Quarantined);
    }

    [Fact]
    public void A_gate_that_has_seen_more_than_the_journal_has_its_sandbox_quarantined()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 1);
        var sandbox = Assert.Single(worker.Inventory.Keys);
        worker.Has(sandbox, highestPosition: 1_000_000);

        scenario.Do(new InventoryReported(worker.Session, [.. worker.Inventory.Values]));

        Assert.True(scenario.State.TryGetSandbox(sandbox, out var known));
        Assert.Equal(SandboxStanding.Quarantined, known.Standing);
        Assert.Equal(RejectionReason.NoWarm, scenario.Refused(scenario.Request()).Reason);
    }

    [Fact]
    public void A_sandbox_that_is_missing_from_the_inventory_is_dead()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 2);
        var lease = scenario.Lease();
        worker.Loses(lease.Sandbox);

        scenario.Do(new InventoryReported(worker.Session, [.. worker.Inventory.Values]));

        Assert.False(scenario.State.TryGetSandbox(lease.Sandbox, out _));
        Assert.Equal("sandbox_died", scenario.Release(lease).Rejection!["ended"]);
    }

    [Fact]
    public void A_sandbox_that_the_worker_never_heard_of_is_asked_for_again()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        var worker = scenario.Connect();
        worker.Boots = false;
        var lease = scenario.Lease(scenario.Request() with { ColdPolicy = ColdPolicy.Reserve });
        worker.Loses(lease.Sandbox);
        worker.Boots = true;

        scenario.Do(new InventoryReported(worker.Session, []));

        Assert.True(scenario.State.TryGetSandbox(lease.Sandbox, out var sandbox));
        Assert.True(sandbox.Booted);
        Assert.Equal(lease.Id.Position, sandbox.Lease!.Position);
    }

    [Fact]
    public void A_second_agent_under_the_same_name_is_refused_while_the_first_is_alive()
    {
        var scenario = new Scenario();
        var first = scenario.Warm();
        var second = new SimulatedWorker("w1", 3, 10_000, "", []);
        second.Restart(keepsSandboxes: false);

        scenario.Connect(second);

        var closed = Assert.IsType<CloseSession>(Assert.Single(second.Received));
        Assert.Equal(RejectionReason.WrongIncarnation, closed.Rejection!.Reason);
        Assert.Equal(first.Incarnation, Assert.Single(scenario.State.Workers()).Incarnation);
    }

    [Fact]
    public void A_message_on_a_closed_session_is_ignored()
    {
        var scenario = new Scenario();
        var worker = scenario.Warm(sandboxes: 1);
        var sandbox = Assert.Single(worker.Inventory.Keys);
        scenario.Disconnect(worker);
        var before = scenario.EntryCount;

        scenario.Do(new Commands.SandboxDied(worker.Session, sandbox, "late"));

        Assert.Equal(before, scenario.EntryCount);
    }

    [Fact]
    public void Nothing_is_leased_on_a_worker_that_cannot_be_told()
    {
        var scenario = new Scenario();
        scenario.Disconnect(scenario.Warm());

        Assert.Equal(RejectionReason.NoWarm, scenario.Refused(scenario.Request()).Reason);
    }
}
