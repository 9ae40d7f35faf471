using ControlPlane.Verification.Checks;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class RetryCheckTests
{
    [Fact]
    public void The_same_lease_marked_as_a_repetition_is_fine() => Assert.Empty(Run(new HistoryStory()
        .Granted(0, 1, 1, Lease(10, sandbox: 1))
        .Granted(2, 3, 1, Lease(10, sandbox: 1), replayed: true)));

    [Fact]
    public void A_time_to_live_that_was_renewed_in_between_is_fine() => Assert.Empty(Run(new HistoryStory()
        .Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5))
        .Granted(2, 3, 1, Lease(10, sandbox: 1, ttl: 60), replayed: true)));

    [Fact]
    public void After_an_answer_that_was_lost_the_first_one_that_arrives_is_a_repetition() => Assert.Empty(Run(new HistoryStory()
        .NeverAnswered(0, 1, 1)
        .Granted(2, 3, 1, Lease(10, sandbox: 1), replayed: true)));

    [Fact]
    public void Another_lease_is_found()
    {
        var violation = Assert.Single(Run(new HistoryStory()
            .Granted(0, 1, 1, Lease(10, sandbox: 1))
            .Granted(2, 3, 1, Lease(20, sandbox: 2), replayed: true)));
        Assert.Contains("L0-10 on S0-1 with token 1.10, and when repeated L0-20 on S0-2", violation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_lease_with_another_token_is_found() => Assert.Single(Run(new HistoryStory()
        .Granted(0, 1, 1, Lease(10, sandbox: 1))
        .Granted(2, 3, 1, Lease(10, sandbox: 1, epoch: 2), replayed: true)));

    [Fact]
    public void A_repetition_that_is_not_marked_is_found() => Assert.Single(Run(new HistoryStory()
        .Granted(0, 1, 1, Lease(10, sandbox: 1))
        .Granted(2, 3, 1, Lease(10, sandbox: 1))));

    [Fact]
    public void A_first_attempt_marked_as_a_repetition_is_found() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1), replayed: true)));

    private static List<Violation> Run(HistoryStory story) => [.. RetryCheck.Run(story.History)];
}
