using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Allocation;

public class ExplanationTests
{
    [Fact]
    public void A_dry_run_names_the_sandbox_that_an_allocation_then_gets()
    {
        var scenario = new Scenario();
        scenario.Warm(sandboxes: 3);
        scenario.Lease();
        var request = scenario.Request();
        var before = scenario.EntryCount;

        var explained = scenario.Ask<Explained>(call => new Explain(call, request, AssumeConnected: false));

        Assert.Equal(before, scenario.EntryCount);
        Assert.Equal(ExplainVerdict.Warm, explained.Verdict);
        Assert.Contains(new FilterCount("leased", 1), explained.SandboxFilters);
        Assert.Equal(explained.Sandbox, scenario.Lease(request).Sandbox);
    }

    [Fact]
    public void A_dry_run_compares_workers_best_first()
    {
        var scenario = new Scenario();
        scenario.Deploy();
        scenario.Connect("w1");
        scenario.Connect("w2").Cpu = 3.9;
        scenario.Connect("full", sandboxes: 0);
        scenario.Advance(TimeSpan.FromSeconds(3));

        var explained = scenario.Ask<Explained>(call => new Explain(call, scenario.Request() with { ColdPolicy = ColdPolicy.Reserve }, AssumeConnected: false));

        Assert.Equal(ExplainVerdict.Cold, explained.Verdict);
        Assert.Equal(3, explained.WorkersConsidered);
        Assert.Equal([new FilterCount("slots", 1)], explained.WorkerFilters);
        Assert.Equal(explained.Candidates.OrderBy(candidate => candidate.Score), explained.Candidates);
        Assert.Equal(explained.Candidates[0].Worker, explained.Worker);
    }

    [Fact]
    public void A_state_of_the_past_can_be_asked_without_leading()
    {
        var scenario = new Scenario();
        scenario.Warm();
        var past = scenario.Replay();
        var output = new StepOutput();

        past.Step(new Explain(new CallId(1), scenario.Request(), AssumeConnected: true), past.State.Time, output);

        var reply = Assert.IsType<Effects.Reply>(Assert.Single(output.Effects));
        Assert.Equal(ExplainVerdict.Warm, Assert.IsType<Explained>(reply.Outcome).Verdict);
    }
}
