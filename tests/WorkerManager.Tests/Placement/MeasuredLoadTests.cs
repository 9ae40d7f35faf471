using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Placement;

public class MeasuredLoadTests
{
    private const int Sandboxes = 12;

    [Fact]
    public void A_busy_worker_loses_against_an_idle_one()
    {
        var scenario = new Scenario();
        var busy = scenario.Connect("busy", sandboxes: 20);
        scenario.Connect("idle", sandboxes: 20);
        busy.Cpu = 3.8;
        scenario.Advance(TimeSpan.FromSeconds(3));

        scenario.Deploy(warm: Sandboxes);
        scenario.Advance(TimeSpan.FromSeconds(5));

        // Best of three drawn: the busy one hosts only what drew nobody else, an eighth on average.
        var (onBusy, onIdle) = Hosted(scenario, "busy", "idle");
        Assert.Equal(Sandboxes, onBusy + onIdle);
        Assert.True(onIdle >= 3 * onBusy, $"{onIdle} on the idle worker and {onBusy} on the busy one");
    }

    [Fact]
    public void The_same_load_on_a_machine_with_more_cores_leaves_more_room()
    {
        var scenario = new Scenario();
        var small = scenario.Connect("small", sandboxes: 20);
        var large = scenario.Connect("large", sandboxes: 20);
        (small.Cpu, small.Cores) = (3.8, 4);
        (large.Cpu, large.Cores) = (3.8, 64);
        scenario.Advance(TimeSpan.FromSeconds(3));

        scenario.Deploy(warm: Sandboxes);
        scenario.Advance(TimeSpan.FromSeconds(5));

        var (onSmall, onLarge) = Hosted(scenario, "small", "large");
        Assert.True(onLarge >= 3 * onSmall, $"{onLarge} on 64 cores and {onSmall} on 4");
    }

    private static (int First, int Second) Hosted(Scenario scenario, string first, string second)
    {
        var workers = scenario.State.Workers().ToDictionary(worker => worker.Name.Value, worker => worker.Sandboxes);
        return (workers[first], workers[second]);
    }
}
