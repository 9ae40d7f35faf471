using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Waiting;

public class WaitingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    [Fact]
    public void A_released_sandbox_is_handed_over_in_the_same_step()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        var held = scenario.Lease();
        var waiting = scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience }));
        Assert.Null(scenario.AnswerTo(waiting));

        scenario.Release(held);

        var lease = Assert.IsType<Granted>(scenario.AnswerTo(waiting)).Leases[0];
        Assert.Equal(ChoiceReason.HandedOver, lease.ChosenBecause);
        Assert.Equal(held.Sandbox, lease.Sandbox);
        var last = scenario.Journal.TakeLast(2).Select(entry => entry.KindCase);
        Assert.Equal([Entry.KindOneofCase.LeaseReleased, Entry.KindOneofCase.LeaseGranted], last);
    }

    [Fact]
    public void Higher_priority_is_served_first_then_first_come()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        var lease = scenario.Lease();
        var low = Wait(0);
        var alsoLow = Wait(0);
        var high = Wait(5);
        var order = new List<CallId>();
        for (var i = 0; i < 3; i++)
        {
            scenario.Release(lease);
            var served = new[] { low, alsoLow, high }.Except(order).Single(call => scenario.AnswerTo(call) is not null);
            order.Add(served);
            lease = ((Granted)scenario.AnswerTo(served)!).Leases[0];
        }

        Assert.Equal([high, low, alsoLow], order);

        CallId Wait(int priority) =>
            scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience, Priority = priority }));
    }

    [Fact]
    public void A_request_that_no_worker_can_host_does_not_hold_up_the_next()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        scenario.Connect();
        var choosy = scenario.Call(call => new Allocate(call, scenario.Request() with
        {
            MaxWait = Patience,
            ColdPolicy = ColdPolicy.Allow,
            Selectors = [new Selector([new("pool", "nowhere")])],
        }));
        var plain = scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience, ColdPolicy = ColdPolicy.Allow }));

        Assert.Null(scenario.AnswerTo(choosy));
        Assert.IsType<Granted>(scenario.AnswerTo(plain));
    }

    [Fact]
    public void Nothing_happens_for_who_waited_too_long()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        scenario.Lease();
        var before = scenario.EntryCount;
        var waiting = scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience }));

        scenario.Advance(Patience);

        Assert.Equal(RejectionReason.DeadlineBeforeAppend, Assert.IsType<Refused>(scenario.AnswerTo(waiting)).Rejection.Reason);
        Assert.Equal(before, scenario.EntryCount);
        Assert.Equal(0, scenario.State.WaitingCount);
    }

    [Fact]
    public void A_caller_that_waits_for_a_boot_gets_the_sandbox_that_was_started_for_it()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        var worker = scenario.Connect();
        worker.Boots = false;
        var waiting = scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience, ColdPolicy = ColdPolicy.Allow }));
        var starting = Assert.Single(worker.Inventory.Keys);

        scenario.Do(worker.Boot(starting));

        var lease = Assert.IsType<Granted>(scenario.AnswerTo(waiting)).Leases[0];
        Assert.Equal((ChoiceReason.Cold, false, starting), (lease.ChosenBecause, lease.Warm, lease.Sandbox));
    }

    [Fact]
    public void No_more_is_started_than_is_missing()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        var worker = scenario.Connect();
        worker.Boots = false;
        for (var i = 0; i < 3; i++)
        {
            scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience, ColdPolicy = ColdPolicy.Allow }));
        }

        scenario.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, worker.Inventory.Count);
    }

    [Fact]
    public void A_reserved_sandbox_is_leased_while_it_boots()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        var worker = scenario.Connect();
        worker.Boots = false;

        var lease = scenario.Lease(scenario.Request() with { ColdPolicy = ColdPolicy.Reserve });

        Assert.Equal((ChoiceReason.Reserved, false), (lease.ChosenBecause, lease.Warm));
        scenario.Release(lease);
        Assert.Equal(1, Assert.Single(scenario.State.Functions(false)).Starting);
        scenario.Do(worker.Boot(lease.Sandbox));
        Assert.True(scenario.Lease().Warm);
    }

    [Fact]
    public void Without_room_a_reservation_is_refused_with_what_each_filter_removed()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        scenario.Connect("full", sandboxes: 1);
        scenario.Connect("cordoned");
        scenario.Ask<Done>(call => new CordonWorker(call, Primitives.WorkerName.Create("cordoned")));
        scenario.Lease(scenario.Request() with { ColdPolicy = ColdPolicy.Reserve });

        var refused = scenario.Refused(scenario.Request() with { ColdPolicy = ColdPolicy.Reserve });

        Assert.Equal(RejectionReason.NoCapacity, refused.Reason);
        Assert.Equal(("2", "1", "1"), (refused["considered"], refused["filtered_slots"], refused["filtered_cordoned"]));
    }

    [Fact]
    public void A_function_larger_than_every_worker_is_refused_without_waiting()
    {
        var scenario = new Scenario();
        scenario.Deploy(memory: 20_000);
        scenario.Connect();

        var refused = scenario.Refused(scenario.Request() with { ColdPolicy = ColdPolicy.Allow, MaxWait = Patience });

        Assert.Equal((RejectionReason.NoCapacity, "1"), (refused.Reason, refused["filtered_memory"]));
    }

    [Fact]
    public void Without_room_the_least_recently_used_free_sandbox_makes_way()
    {
        var scenario = new Scenario();
        scenario.Deploy("old");
        scenario.Deploy("new");
        scenario.Connect(sandboxes: 2);
        var first = scenario.Lease(scenario.Request("old") with { ColdPolicy = ColdPolicy.Reserve });
        var second = scenario.Lease(scenario.Request("old") with { ColdPolicy = ColdPolicy.Reserve });
        scenario.Release(first);
        scenario.Release(second);

        var lease = scenario.Lease(scenario.Request("new") with { ColdPolicy = ColdPolicy.Allow, MaxWait = Patience });

        Assert.Equal("new", lease.Function.Value);
        Assert.False(scenario.State.TryGetSandbox(first.Sandbox, out _));
        Assert.True(scenario.State.TryGetSandbox(second.Sandbox, out _));
    }

    [Fact]
    public void A_tenant_may_not_fill_the_waiting_room()
    {
        var scenario = new Scenario { IsLong = true };
        scenario.Deploy();
        for (var i = 0; i < Limits.WaitersPerTenantMax; i++)
        {
            scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = Patience }));
        }

        var refused = scenario.Refused(scenario.Request() with { MaxWait = Patience });

        Assert.Equal(RejectionReason.Overloaded, refused.Reason);
        Assert.Equal("1000", refused["max"]);
        Assert.Null(scenario.AnswerTo(scenario.Call(call => new Allocate(call, scenario.Request(tenant: "other") with { MaxWait = Patience }))));
    }

    [Fact]
    public void A_retry_of_a_waiting_request_takes_its_place()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        var request = scenario.Request() with { MaxWait = Patience };
        var first = scenario.Call(call => new Allocate(call, request));

        scenario.Call(call => new Allocate(call, request));

        Assert.Equal(RejectionReason.OutcomeUnknown, Assert.IsType<Refused>(scenario.AnswerTo(first)).Rejection.Reason);
        Assert.Equal(1, scenario.State.WaitingCount);
    }
}
