using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Histories;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class LostAcknowledgementCheckTests
{
    private static readonly GrantedLease Held = Lease(10, sandbox: 1);

    [Fact]
    public void A_lease_that_is_listed_as_acknowledged_is_fine() =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 1, 1, Held).Listed(2, 3, Held)));

    [Fact]
    public void A_lease_that_is_missing_is_found()
    {
        var violation = Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Listed(2, 3)));
        Assert.Contains("L0-10 on S0-1 with token 1.10 was acknowledged at 1.000000 s", violation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_that_is_granted_while_the_list_is_read_may_be_missing() =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 3, 1, Held).Listed(2, 4)));

    [Fact]
    public void A_grant_whose_answer_was_lost_may_be_listed_or_not()
    {
        Assert.Empty(Run(new HistoryStory().NeverAnswered(0, 1, 1).Listed(2, 3)));
        Assert.Empty(Run(new HistoryStory().NeverAnswered(0, 1, 1).Listed(2, 3, Held)));
    }

    [Fact]
    public void A_lease_listed_with_another_token_is_found() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Listed(2, 3, Lease(10, sandbox: 1, epoch: 2))));

    [Fact]
    public void A_lease_listed_with_another_sandbox_is_found() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Listed(2, 3, Lease(10, sandbox: 2))));

    [Fact]
    public void A_lease_whose_release_was_answered_may_not_be_listed() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Released(2, 3, Held).Listed(4, 5, Held)));

    [Theory]
    [InlineData(OperationOutcome.Ok)]
    [InlineData(OperationOutcome.Unknown)]
    public void A_lease_that_may_have_been_released_may_be_missing(OperationOutcome outcome) =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 1, 1, Held).Released(2, 3, Held, outcome).Listed(4, 5)));

    [Fact]
    public void A_lease_whose_time_may_have_run_out_may_be_missing() =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5)).Listed(4, 5)));

    [Fact]
    public void A_renewed_lease_may_not_be_missing() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5)).Renewed(3, 4, Held, ttl: 10).Listed(11, 12)));

    [Fact]
    public void A_holder_who_is_denied_its_lease_is_found()
    {
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Renewed(2, 3, Held, ttl: 10, OperationOutcome.Denied)));
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Held).Released(2, 3, Held, OperationOutcome.Denied)));
    }

    [Fact]
    public void A_renewal_that_was_refused_for_another_reason_proves_nothing() =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 1, 1, Held).Renewed(2, 3, Held, ttl: 10, OperationOutcome.Refused)));

    [Fact]
    public void A_holder_may_be_denied_a_lease_that_it_has_released() =>
        Assert.Empty(Run(new HistoryStory().Granted(0, 1, 1, Held).Released(2, 3, Held).Renewed(4, 5, Held, ttl: 10, OperationOutcome.Denied)));

    private static List<Violation> Run(HistoryStory story) => [.. LostAcknowledgementCheck.Run(story.History)];
}
