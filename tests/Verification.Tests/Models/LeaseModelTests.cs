using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Tests.Linearizability;
using static ControlPlane.Verification.Models.LeaseAnswer;
using static ControlPlane.Verification.Models.LeaseFunction;

namespace ControlPlane.Verification.Tests.Models;

public sealed class LeaseModelTests
{
    [Fact]
    public void A_sandbox_is_granted_again_after_its_release() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Renew, 1)).Did(4, 5, Of(Release, 1)).Did(6, 7, Of(Allocate, 2)).Verdict);

    [Fact]
    public void A_sandbox_is_granted_again_after_its_lease_ended() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(End, 1)).Did(4, 5, Of(Allocate, 2)).Verdict);

    [Fact]
    public void A_sandbox_that_is_held_is_never_granted() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Allocate, 2)).Verdict);

    [Fact]
    public void A_grant_during_a_release_is_fine() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 9, Of(Release, 1)).Did(3, 4, Of(Allocate, 2)).Verdict);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_token_is_above_all_before(ulong token) =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 5)).Did(2, 3, Of(Release, 5)).Did(4, 5, Of(Allocate, token)).Verdict);

    [Fact]
    public void A_late_renewal_is_never_granted() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(End, 1)).Did(4, 5, Of(Renew, 1)).Verdict);

    [Fact]
    public void A_release_by_an_old_token_is_never_granted() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(End, 1)).Did(4, 5, Of(Allocate, 2)).Did(6, 7, Of(Release, 1)).Verdict);

    [Fact]
    public void A_holder_is_never_refused()
    {
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Renew, 1, NotHeld)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Release, 1, NotHeld)).Verdict);
    }

    [Fact]
    public void Whoever_holds_it_no_longer_is_refused() =>
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(End, 1)).Did(4, 5, Of(Renew, 1, NotHeld)).Did(6, 7, Of(Release, 1, NotHeld)).Verdict);

    [Fact]
    public void The_end_of_a_lease_that_is_not_the_present_one_is_wrong() =>
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Release, 1)).Did(4, 5, Of(End, 1)).Verdict);

    [Fact]
    public void An_unanswered_grant_may_explain_a_renewal_or_be_nothing()
    {
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Of(Allocate, 1, None)).Did(2, 3, Of(Renew, 1)).Verdict);
        Assert.Equal(Verdict.Legal, Story.NeverHeardOf(0, Of(Allocate, 1, None)).Did(2, 3, Of(Allocate, 2)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.NeverHeardOf(0, Of(Allocate, 1, None)).Did(2, 3, Of(Renew, 1)).Did(4, 5, Of(Allocate, 2)).Verdict);
    }

    [Fact]
    public void An_unanswered_release_may_free_a_sandbox_at_any_later_time()
    {
        var story = Story.Did(0, 1, Of(Allocate, 1)).NeverHeardOf(2, Of(Release, 1, None)).Did(3, 4, Of(Renew, 1)).Did(5, 6, Of(Allocate, 2));
        Assert.Equal(Verdict.Legal, story.Verdict);
        Assert.Equal(Verdict.Illegal, story.Did(7, 8, Of(Renew, 1)).Verdict);
    }

    [Fact]
    public void A_release_may_be_repeated_if_there_was_one()
    {
        Assert.Equal(Verdict.Legal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Release, 1)).Did(4, 5, Of(Release, 1, Repeated)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(End, 1)).Did(4, 5, Of(Release, 1, Repeated)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Release, 1, Repeated)).Verdict);
        Assert.Equal(Verdict.Illegal, Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Release, 1)).Did(4, 5, Of(Release, 1)).Verdict);
    }

    [Fact]
    public void Each_sandbox_has_leases_of_its_own()
    {
        var result = Story.Did(0, 1, Of(Allocate, 1)).Did(2, 3, Of(Allocate, 2, sandbox: 8)).Did(4, 5, Of(Renew, 1, sandbox: 8)).Result;
        Assert.Equal(
            "Not linearizable: S0-8: after grant of token 1.2 by 1 (2 to 3), it is held with token 1.2, and renewal with token 1.1 by 2 (4 to 5) has no place in any order.",
            result.Sentence);
    }

    private static CallStory<LeaseModelState, LeaseCall> Story => new(new LeaseModel());

    private static LeaseCall Of(LeaseFunction function, ulong token, LeaseAnswer answer = Ok, ulong sandbox = 7) => new(
        function, new SandboxId(new PartitionId(0), new SequenceNumber(sandbox)), new FencingToken(new Epoch(1), new SequenceNumber(token)), answer);
}
