using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Histories;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class DoubleLeaseCheckTests
{
    private static readonly GrantedLease First = Lease(10, sandbox: 1);
    private static readonly GrantedLease Second = Lease(20, sandbox: 1);

    [Fact]
    public void A_sandbox_that_is_leased_again_after_its_release_is_fine() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, First).Released(2, 3, First).Granted(4, 5, 2, Second));

    [Fact]
    public void A_sandbox_that_is_leased_again_while_the_release_is_under_way_is_fine() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, First).Released(2, 9, First).Granted(3, 4, 2, Second));

    [Fact]
    public void Two_leases_at_once_are_found_with_both_and_their_times()
    {
        var violation = Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, First).Granted(2, 3, 2, Second)));
        Assert.Contains("S0-1 was held by L0-10 until 100.000000 s at least, and by L0-20 from 3.000000 s on", violation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_after_the_second_grant_does_not_excuse_it() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, First).Granted(2, 3, 2, Second).Released(4, 5, First)));

    [Fact]
    public void A_release_that_was_refused_frees_nothing() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, First).Released(2, 3, First, OperationOutcome.Refused).Granted(4, 5, 2, Second)));

    [Fact]
    public void A_release_of_unknown_outcome_may_have_freed_the_sandbox() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, First).Released(2, 3, First, OperationOutcome.Unknown).Granted(4, 5, 2, Second));

    [Fact]
    public void A_lease_whose_time_may_have_run_out_is_no_longer_counted() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5)).Granted(5, 5.5, 2, Second));

    [Fact]
    public void A_lease_counts_until_its_time_has_run_out() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5)).Granted(4, 4.9, 2, Second)));

    [Fact]
    public void A_renewal_lengthens_the_time_in_which_nobody_else_may_hold_it() =>
        Assert.Single(Run(new HistoryStory().Granted(0, 1, 1, Lease(10, sandbox: 1, ttl: 5)).Renewed(3, 4, First, ttl: 10).Granted(11, 12, 2, Second)));

    [Fact]
    public void A_third_lease_is_compared_with_the_one_that_lasts_longest()
    {
        var brief = Lease(15, sandbox: 1, ttl: 2);
        Assert.Equal(2, Run(new HistoryStory().Granted(0, 1, 1, First).Granted(2, 3, 2, brief).Granted(9, 10, 3, Second)).Count);
    }

    [Fact]
    public void Leases_of_different_sandboxes_do_not_meet() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, First).Granted(2, 3, 2, Lease(20, sandbox: 2)));

    [Fact]
    public void Repeated_answers_are_one_lease() =>
        AssertFine(new HistoryStory().Granted(0, 1, 1, First).Granted(2, 3, 1, First, replayed: true));

    private static List<Violation> Run(HistoryStory story) => [.. DoubleLeaseCheck.Run(story.History)];

    private static void AssertFine(HistoryStory story) => Assert.Empty(Run(story));
}
