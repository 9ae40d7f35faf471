using ControlPlane.Verification.Histories;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Histories;

public sealed class LeaseCallsTests
{
    private static readonly GrantedLease First = Lease(10, sandbox: 1);
    private static readonly GrantedLease Second = Lease(20, sandbox: 1);

    [Fact]
    public void Grants_one_after_another_are_legal() => Assert.Equal(
        Verdict.Legal,
        Decide(
            new HistoryStory().Granted(0, 1, 1, First).Renewed(2, 3, First, 100).Released(4, 5, First).Granted(6, 7, 2, Second),
            Journaled(1, First, JournaledEnd.Released),
            Journaled(2, Second)));

    [Fact]
    public void A_grant_of_a_sandbox_that_is_held_is_illegal() => Assert.Equal(
        Verdict.Illegal,
        Decide(new HistoryStory().Granted(0, 1, 1, First).Granted(6, 7, 2, Second).Renewed(8, 9, First, 100), Journaled(1, First, JournaledEnd.ByItself), Journaled(2, Second)));

    [Fact]
    public void A_grant_that_the_journal_does_not_have_counts_as_told() =>
        Assert.Equal(Verdict.Illegal, Decide(new HistoryStory().Granted(0, 1, 1, First).Granted(6, 7, 2, Second)));

    [Fact]
    public void A_lease_that_ended_by_itself_makes_room() => Assert.Equal(
        Verdict.Legal,
        Decide(
            new HistoryStory().Granted(0, 1, 1, First).Granted(6, 7, 2, Second).Renewed(8, 9, First, 100, OperationOutcome.Denied),
            Journaled(1, First, JournaledEnd.ByItself),
            Journaled(2, Second)));

    [Fact]
    public void A_holder_that_was_denied_is_illegal() => Assert.Equal(
        Verdict.Illegal,
        Decide(new HistoryStory().Granted(0, 1, 1, First).Renewed(2, 3, First, 100, OperationOutcome.Denied), Journaled(1, First)));

    [Fact]
    public void A_request_that_was_not_answered_is_what_the_journal_says()
    {
        var story = new HistoryStory().NeverAnswered(0, 1, 1).Granted(2, 3, 2, Second);
        Assert.Equal(Verdict.Legal, Decide(story, Journaled(2, Second)));
        Assert.Equal(Verdict.Legal, Decide(story, Journaled(1, First, JournaledEnd.ByItself), Journaled(2, Second)));
        Assert.Equal(Verdict.Illegal, Decide(story, Journaled(1, First), Journaled(2, Second)));
    }

    [Fact]
    public void A_release_that_was_not_answered_is_what_the_journal_says()
    {
        var story = new HistoryStory().Granted(0, 1, 1, First).Released(2, 3, First, OperationOutcome.Unknown).Granted(4, 5, 2, Second);
        Assert.Equal(Verdict.Legal, Decide(story, Journaled(1, First, JournaledEnd.Released), Journaled(2, Second)));
        Assert.Equal(Verdict.Illegal, Decide(story, Journaled(1, First), Journaled(2, Second)));
    }

    [Fact]
    public void A_repeated_release_is_one_release() => Assert.Equal(
        Verdict.Legal,
        Decide(
            new HistoryStory().Granted(0, 1, 1, First).Released(2, 3, First).Granted(4, 5, 2, Second).Released(6, 7, First),
            Journaled(1, First, JournaledEnd.Released),
            Journaled(2, Second)));

    [Fact]
    public void A_refused_call_is_none() => Assert.Equal(
        Verdict.Legal,
        Decide(new HistoryStory().Granted(0, 1, 1, First).Renewed(2, 3, First, 100, OperationOutcome.Refused).Released(4, 5, First, OperationOutcome.Refused), Journaled(1, First)));

    private static Verdict Decide(HistoryStory story, params JournaledLease[] journal) =>
        LinearizabilityCheck.Run(new LeaseModel(), LeaseCalls.Of(story.History, journal), SearchLimits.Default).Verdict;

    private static JournaledLease Journaled(ulong request, GrantedLease lease, JournaledEnd end = JournaledEnd.None) => new(Request(request), lease, end);
}
