using ControlPlane.Verification.Histories;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Histories;

public sealed class LeaseLifeTests
{
    private static readonly GrantedLease Granted = Lease(10, sandbox: 1, ttl: 10);

    [Fact]
    public void A_lease_is_held_from_its_first_answer_until_its_time_from_sending_has_run_out() =>
        AssertHeld(2, 10, new HistoryStory().Granted(0, 2, 1, Granted));

    [Fact]
    public void Its_time_counts_from_the_first_attempt_as_any_of_them_may_have_been_granted() =>
        AssertHeld(6, 10, new HistoryStory().NeverAnswered(0, 4, 1).Granted(5, 6, 1, Granted, replayed: true));

    [Fact]
    public void A_renewal_counts_from_sending_it() =>
        AssertHeld(1, 25, new HistoryStory().Granted(0, 1, 1, Granted).Renewed(5, 6, Granted, ttl: 20));

    [Fact]
    public void Of_two_renewals_at_once_the_shorter_may_have_been_the_last() =>
        AssertHeld(1, 10, new HistoryStory().Granted(0, 1, 1, Granted).Renewed(5, 8, Granted, ttl: 20).Renewed(6, 7, Granted, ttl: 4));

    [Fact]
    public void A_renewal_that_was_answered_before_the_next_was_sent_no_longer_matters() =>
        AssertHeld(1, 27, new HistoryStory().Granted(0, 1, 1, Granted).Renewed(5, 6, Granted, ttl: 4).Renewed(7, 8, Granted, ttl: 20));

    [Fact]
    public void A_shorter_renewal_of_unknown_outcome_may_still_arrive() =>
        AssertHeld(1, 9, new HistoryStory().Granted(0, 1, 1, Granted).Renewed(3, 4, Granted, ttl: 4, OperationOutcome.Unknown).Renewed(5, 6, Granted, ttl: 20));

    [Fact]
    public void A_release_ends_it_when_it_is_sent_at_the_earliest_and_when_it_is_answered_at_the_latest()
    {
        var life = AssertHeld(1, 3, new HistoryStory().Granted(0, 1, 1, Granted).Released(3, 4, Granted));
        Assert.Equal(TimeSpan.FromSeconds(4), life.OverFrom);
    }

    [Fact]
    public void A_release_of_unknown_outcome_proves_no_end()
    {
        var life = AssertHeld(1, 3, new HistoryStory().Granted(0, 1, 1, Granted).Released(3, 4, Granted, OperationOutcome.Unknown));
        Assert.Null(life.OverFrom);
    }

    [Fact]
    public void A_call_that_ends_before_it_begins_is_no_history() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HistoryStory().Granted(2, 1, 1, Granted));

    private static LeaseLife AssertHeld(double from, double until, HistoryStory story)
    {
        var life = Assert.Single(LeaseLife.Of(story.History));
        Assert.Equal((TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(until)), (life.HeldFrom, life.HeldUntil));
        return life;
    }
}
