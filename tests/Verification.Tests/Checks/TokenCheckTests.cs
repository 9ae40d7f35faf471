using ControlPlane.Verification.Checks;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class TokenCheckTests
{
    [Fact]
    public void Tokens_that_rise_with_time_and_reign_are_fine() => Assert.Empty(Run(new HistoryStory()
        .Granted(0, 1, 1, Lease(10, sandbox: 1, epoch: 1))
        .Granted(2, 3, 2, Lease(11, sandbox: 2, epoch: 1))
        .Granted(4, 5, 3, Lease(20, sandbox: 1, epoch: 2))));

    [Fact]
    public void Concurrent_requests_may_be_granted_in_either_order() => Assert.Empty(Run(new HistoryStory()
        .Granted(0, 5, 1, Lease(11, sandbox: 1))
        .Granted(1, 6, 2, Lease(10, sandbox: 2))));

    [Fact]
    public void A_token_that_goes_back_in_time_is_found()
    {
        var violation = Assert.Single(Run(new HistoryStory()
            .Granted(0, 1, 1, Lease(20, sandbox: 1))
            .Granted(2, 3, 2, Lease(10, sandbox: 1))));
        Assert.Contains("L0-10", violation.Sentence, StringComparison.Ordinal);
        Assert.Contains("L0-20", violation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_retry_whose_first_attempt_came_earlier_may_have_a_lower_token() => Assert.Empty(Run(new HistoryStory()
        .NeverAnswered(0, 1, 1)
        .Granted(2, 3, 2, Lease(20, sandbox: 2))
        .Granted(4, 5, 1, Lease(10, sandbox: 1), replayed: true)));

    [Fact]
    public void A_token_for_two_requests_is_found() => Assert.Single(Run(new HistoryStory()
        .Granted(0, 5, 1, Lease(10, sandbox: 1))
        .Granted(0, 5, 2, Lease(10, sandbox: 1))));

    [Fact]
    public void A_token_for_two_sandboxes_is_found() => Assert.Single(Run(new HistoryStory()
        .Granted(0, 5, 1, Lease(10, sandbox: 1))
        .Granted(0, 5, 2, Lease(10, sandbox: 2))));

    [Fact]
    public void A_token_that_is_not_the_position_of_its_grant_is_found() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, token: 9))));

    [Fact]
    public void A_later_reign_with_a_lower_position_is_found() => Assert.Single(Run(new HistoryStory()
        .Granted(0, 9, 1, Lease(10, sandbox: 1, epoch: 2))
        .Granted(0, 9, 2, Lease(11, sandbox: 2, epoch: 1))));

    private static List<Violation> Run(HistoryStory story) => [.. TokenCheck.Run(story.History)];
}
