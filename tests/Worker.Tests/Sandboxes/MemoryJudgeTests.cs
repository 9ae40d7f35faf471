using ControlPlane.Worker.Sandboxes;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class MemoryJudgeTests
{
    private const long Limit = 100;
    private readonly MemoryJudge _judge = new();

    [Fact]
    public void A_process_that_shows_its_starters_memory_for_a_moment_is_let_live()
    {
        Assert.Empty(Look((1, Limit * 10)));
        Assert.Empty(Look((1, Limit / 10)));
        Assert.Empty(Look((1, Limit * 10)));
    }

    [Fact]
    public void Whoever_stays_above_the_limit_is_ended()
    {
        Assert.Empty(Look((1, Limit + 1), (2, Limit)));
        Assert.Equal([1], Look((1, Limit + 1), (2, Limit + 1)));
        Assert.Equal([2], Look((2, Limit + 1)));
    }

    [Fact]
    public void A_number_that_was_given_to_another_process_inherits_no_suspicion_across_a_look_without_it()
    {
        Assert.Empty(Look((1, Limit + 1)));
        Assert.Empty(Look());
        Assert.Empty(Look((1, Limit + 1)));
    }

    private IReadOnlyList<int> Look(params (int Session, long Held)[] sessions) =>
        _judge.Judge(sessions.Select(session => (session.Session, session.Held, Limit)));
}
