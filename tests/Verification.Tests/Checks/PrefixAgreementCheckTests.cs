using ControlPlane.Primitives;
using ControlPlane.Verification.Checks;

namespace ControlPlane.Verification.Tests.Checks;

public sealed class PrefixAgreementCheckTests
{
    [Fact]
    public void Replicas_that_hold_the_same_agree() =>
        Assert.Empty(Run(Replica("a", 3, (1, "x"), (2, "y"), (3, "z")), Replica("b", 3, (1, "x"), (2, "y"), (3, "z"))));

    [Fact]
    public void A_late_replica_and_a_trimmed_one_agree_with_the_others() =>
        Assert.Empty(Run(Replica("a", 3, (1, "x"), (2, "y"), (3, "z")), Replica("late", 1, (1, "x")), Replica("trimmed", 3, (3, "z")), Replica("empty", 0)));

    [Fact]
    public void What_is_not_known_to_be_committed_may_differ()
    {
        Assert.Empty(Run(Replica("a", 3, (1, "x"), (2, "y"), (3, "z")), Replica("b", 1, (1, "x"), (2, "other"))));
        Assert.Empty(Run(Replica("a", 3, (1, "x"), (2, "y"), (3, "z")), Replica("b", 1, (2, "other"))));
    }

    [Fact]
    public void The_first_difference_is_named_with_its_byte() => Assert.Equal(
        "PrefixAgreementCheck: at position 2, committed at both, a and b differ from byte 1 on",
        Assert.Single(Run(Replica("a", 3, (1, "x"), (2, "yyy"), (3, "z")), Replica("b", 3, (1, "x"), (2, "yzy"), (3, "other")))).ToString());

    [Fact]
    public void A_longer_entry_differs_where_the_shorter_ends() =>
        Assert.EndsWith("from byte 1 on", Assert.Single(Run(Replica("a", 1, (1, "x")), Replica("b", 1, (1, "xx")))).Sentence, StringComparison.Ordinal);

    [Fact]
    public void A_gap_is_found() =>
        Assert.Equal("in b, position 3 comes where 2 should be", Assert.Single(Run(Replica("a", 3, (1, "x"), (2, "y"), (3, "z")), Replica("b", 3, (1, "x"), (3, "z")))).Sentence);

    [Fact]
    public void A_committed_entry_that_is_missing_is_found()
    {
        Assert.Equal("b knows 3 to be committed, but its entries end before 3", Assert.Single(Run(Replica("b", 3, (1, "x"), (2, "y")))).Sentence);
        Assert.Equal("b knows 3 to be committed, but holds nothing", Assert.Single(Run(Replica("b", 3))).Sentence);
    }

    [Fact]
    public void Every_replica_that_differs_is_named_once() =>
        Assert.Equal(2, Run(Replica("a", 2, (1, "x"), (2, "y")), Replica("b", 2, (1, "1"), (2, "y")), Replica("c", 2, (1, "2"), (2, "3"))).Count);

    private static List<Violation> Run(params ReplicaEntries[] replicas) => [.. PrefixAgreementCheck.Run(replicas)];

    private static ReplicaEntries Replica(string name, ulong committed, params (ulong Position, string Bytes)[] entries) => new(
        name, new SequenceNumber(committed), entries.Select(entry => new ReplicaEntry(new SequenceNumber(entry.Position), System.Text.Encoding.UTF8.GetBytes(entry.Bytes))));
}
