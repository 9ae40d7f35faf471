using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Histories;
using static ControlPlane.Verification.Tests.HistoryStory;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class GateOrderCheckTests
{
    private static readonly GrantedLease Older = Lease(10, sandbox: 1);
    private static readonly GrantedLease Newer = Lease(20, sandbox: 1);

    [Fact]
    public void Rising_tokens_are_fine() =>
        Assert.Empty(Run(new HistoryStory().Ran(0, 1, Older).Ran(2, 3, Older).Ran(4, 5, Newer)));

    [Fact]
    public void A_lower_token_after_a_higher_one_is_found() =>
        Assert.Single(Run(new HistoryStory().Ran(0, 1, Newer).Ran(2, 3, Older)));

    [Fact]
    public void A_lower_token_that_was_refused_is_fine() =>
        Assert.Empty(Run(new HistoryStory().Ran(0, 1, Newer).Ran(2, 3, Older, OperationOutcome.Denied)));

    [Fact]
    public void Invocations_that_overlap_may_have_run_in_either_order() =>
        Assert.Empty(Run(new HistoryStory().Ran(0, 3, Newer).Ran(2, 4, Older)));

    [Fact]
    public void Each_sandbox_has_a_gate_of_its_own() =>
        Assert.Empty(Run(new HistoryStory().Ran(0, 1, Newer).Ran(2, 3, Lease(10, sandbox: 2))));

    private static List<Violation> Run(HistoryStory story) => [.. GateOrderCheck.Run(story.History)];
}
