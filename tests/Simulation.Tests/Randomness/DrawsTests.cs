using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Tests.Randomness;

public sealed class DrawsTests
{
    [Fact]
    public void What_one_stream_draws_changes_nothing_of_another()
    {
        var (quiet, busy) = (new Draws(7), new Draws(7));
        var other = busy.Stream("loss", 1);
        for (var i = 0; i < 1_000; i++)
        {
            other.Next();
        }

        Assert.Equal(First(quiet.Stream("delay", 1)), First(busy.Stream("delay", 1)));
    }

    [Fact]
    public void Names_numbers_and_seeds_give_streams_of_their_own()
    {
        var first = First(new Draws(7).Stream("delay", 1));
        Assert.NotEqual(first, First(new Draws(8).Stream("delay", 1)));
        Assert.NotEqual(first, First(new Draws(7).Stream("delay", 2)));
        Assert.NotEqual(first, First(new Draws(7).Stream("loss", 1)));
    }

    [Fact]
    public void A_longer_run_has_the_faults_of_the_shorter_one_and_more()
    {
        var knobs = KnobDrawing.Of(3) with { Seconds = 60 };
        var shorter = FaultPlanning.Plan(new Draws(3), knobs);
        var longer = FaultPlanning.Plan(new Draws(3), knobs with { Seconds = 120 });
        Assert.NotEmpty(shorter);
        Assert.Equal(shorter, longer.Take(shorter.Count));
    }

    private static ulong[] First(DrawStream stream) => [.. Enumerable.Range(0, 4).Select(_ => stream.Next())];
}
