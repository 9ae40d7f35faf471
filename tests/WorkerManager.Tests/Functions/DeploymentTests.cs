using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Functions;

public class DeploymentTests
{
    [Fact]
    public void Deploying_what_is_current_changes_nothing()
    {
        var scenario = new Scenario();
        var first = scenario.Deploy(warm: 1);
        var before = scenario.EntryCount;

        var again = scenario.Deploy(warm: 1);

        Assert.Equal(first.Position, again.Position);
        Assert.Equal(before, scenario.EntryCount);
    }

    [Fact]
    public void The_sandboxes_of_an_older_version_end_as_they_become_free()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 3);
        var lease = scenario.Lease();

        var newer = scenario.Deploy(code: "/newer");

        Assert.Equal(2u, newer.Version);
        Assert.Equal(lease.Sandbox.Position, Assert.Single(scenario.State.HeldLeases(default)).Sandbox.Position);
        Assert.Equal(1, scenario.State.SandboxCount);
        scenario.Release(lease);
        Assert.Equal(0, scenario.State.SandboxCount);
        Assert.Equal(2u, Assert.Single(scenario.State.Functions(allVersions: true)).Version);
    }

    [Fact]
    public void A_deleted_function_refuses_new_and_waiting_requests()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 1);
        scenario.Lease();
        var waiting = scenario.Call(call => new Allocate(call, scenario.Request() with { MaxWait = TimeSpan.FromSeconds(9) }));

        scenario.Ask<Done>(call => new DeleteFunction(call, FunctionName.Create("echo")));

        Assert.Equal(RejectionReason.UnknownFunction, Assert.IsType<Refused>(scenario.AnswerTo(waiting)).Rejection.Reason);
        Assert.Equal(RejectionReason.UnknownFunction, scenario.Refused(scenario.Request()).Reason);
        Assert.Equal(1, scenario.State.LeaseCount);
    }

    [Fact]
    public void A_version_number_is_never_used_twice()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        scenario.Ask<Done>(call => new DeleteFunction(call, FunctionName.Create("echo")));

        Assert.Equal(2u, scenario.Deploy().Version);
        Assert.Equal(RejectionReason.UnknownFunction, scenario.Ask<Refused>(call => new DeleteFunction(call, FunctionName.Create("none"))).Rejection.Reason);
    }

    [Fact]
    public void A_free_sandbox_above_the_warm_target_goes_after_its_idle_timeout()
    {
        var scenario = new Scenario();
        scenario.Deploy(warm: 1, idle: TimeSpan.FromSeconds(30));
        scenario.Connect();
        scenario.Advance(TimeSpan.FromSeconds(2));
        var first = scenario.Lease();
        var second = scenario.Lease(scenario.Request() with { ColdPolicy = ColdPolicy.Reserve });
        scenario.Advance(TimeSpan.FromSeconds(2));
        scenario.Release(first);
        scenario.Release(second);

        scenario.Advance(TimeSpan.FromSeconds(60));

        var view = Assert.Single(scenario.State.Functions(allVersions: false));
        Assert.Equal((1, 0), (view.Free, view.Starting));
        Assert.True(scenario.State.TryGetSandbox(second.Sandbox, out _));
    }

    [Fact]
    public void A_refill_is_shaped_in_rate_and_never_exceeds_the_deficit()
    {
        var scenario = new Scenario(new CoreOptions { RefillBurst = 2, RefillPerSecond = 1 });
        scenario.Deploy(warm: 5);
        scenario.Connect();

        Assert.Equal(2, scenario.State.SandboxCount);
        scenario.Advance(TimeSpan.FromSeconds(2));
        Assert.InRange(scenario.State.SandboxCount, 3, 4);
        scenario.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(5, scenario.State.SandboxCount);
    }

    [Fact]
    public void A_refill_yields_to_requests_that_wait_for_room()
    {
        var scenario = new Scenario();
        scenario.Deploy("hot", warm: 5);
        scenario.Deploy("big", memory: 10_000);
        scenario.Call(call => new Allocate(call, scenario.Request("big") with { ColdPolicy = ColdPolicy.Allow, MaxWait = TimeSpan.FromSeconds(60) }));
        scenario.Connect("small", memory: 1_000);

        scenario.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, scenario.State.SandboxCount);

        scenario.Connect("large", memory: 10_000);
        Assert.Equal("big", Assert.Single(scenario.State.HeldLeases(default)).Function.Value);
    }
}
