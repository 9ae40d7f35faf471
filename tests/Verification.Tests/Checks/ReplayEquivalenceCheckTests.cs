using ControlPlane.Primitives;
using ControlPlane.Verification.Checks;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class ReplayEquivalenceCheckTests
{
    [Fact]
    public void Sources_that_agree_wherever_they_meet_are_equivalent() =>
        Assert.Empty(Run(Source("live", (10, 1), (20, 2), (30, 3)), Source("fresh replay", (10, 1), (20, 2)), Source("snapshot and tail", (20, 2), (30, 3))));

    [Fact]
    public void The_first_difference_is_named_with_both_sources()
    {
        var violation = Assert.Single(Run(Source("live", (10, 1), (20, 2), (30, 3)), Source("fresh replay", (30, 9), (20, 8), (10, 1))));
        Assert.Equal("at position 20 the state has hash 00000000000000000000000000000002 by live, and 00000000000000000000000000000008 by fresh replay", violation.Sentence);
    }

    [Fact]
    public void Sources_that_meet_only_through_another_are_compared_with_it() =>
        Assert.Equal(
            "at position 30 the state has hash 00000000000000000000000000000003 by fresh replay, and 00000000000000000000000000000004 by inspector",
            Assert.Single(Run(Source("live", (10, 1)), Source("fresh replay", (10, 1), (30, 3)), Source("inspector", (30, 4)))).Sentence);

    [Fact]
    public void A_source_that_meets_no_other_proves_nothing() =>
        Assert.Equal(
            "inspector has no position in common with another source: nothing was compared",
            Assert.Single(Run(Source("live", (10, 1)), Source("fresh replay", (10, 1)), Source("inspector", (11, 1)))).Sentence);

    private static List<Violation> Run(params StateHashes[] sources) => [.. ReplayEquivalenceCheck.Run(sources)];

    private static StateHashes Source(string name, params (ulong Position, ulong Hash)[] hashes) =>
        new(name, hashes.Select(pair => KeyValuePair.Create(new SequenceNumber(pair.Position), (UInt128)pair.Hash)));
}
