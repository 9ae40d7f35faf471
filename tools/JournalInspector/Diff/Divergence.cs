using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>One value that replicas hold at a position, and who they are.</summary>
internal sealed record Branch(ChainHash Hash, IReadOnlyList<ComparedReplica> Members, SideEntry? Entry)
{
    /// <summary>Something in the members' own histories proves the position to be committed with this value.</summary>
    public bool IsCommitted(SequenceNumber position) => Members.Any(member => member.Committed >= position);

    /// <summary>Members that have acknowledged the position.</summary>
    public int Acknowledged(SequenceNumber position) => Members.Count(member => member.Acknowledged >= position);
}

/// <summary>Judges one position with several values, by one table. The first rule that fits decides.</summary>
internal static class DivergenceRules
{
    private static readonly Rule[] Rules =
    [
        new(DiffOutcome.CommittedDiffer, "the position is proven to be committed with different values", facts => facts.Committed > 1),
        new(DiffOutcome.CommittedDiffer, "one reign wrote two values at one position", facts => facts.SameReign),
        new(DiffOutcome.CommittedDiffer, "a later reign wrote over a committed entry", facts => facts.CommittedReign < facts.NewestReign),
        new(DiffOutcome.CommittedDiffer, "one value is proven to be committed, and a majority has acknowledged another", facts => facts.Committed == 1 && facts.MajorityElsewhere),
        new(DiffOutcome.TailsDiffer, "one value is committed; the others are tails of earlier reigns, and are clipped when those replicas are reached", facts => facts.Committed == 1),
        new(DiffOutcome.TailsDiffer, "no value is proven to be committed: tails of different reigns, all but one of which are clipped", _ => true),
    ];

    public static (DiffOutcome Outcome, string Why) Judge(SequenceNumber position, IReadOnlyList<Branch> branches, int setSize)
    {
        var committed = branches.Where(branch => branch.IsCommitted(position)).ToArray();
        var reigns = branches.Select(branch => branch.Entry?.Epoch).OfType<ulong>().ToArray();
        var facts = new Facts(
            committed.Length,
            SameReign: reigns.Distinct().Count() < reigns.Length,
            CommittedReign: committed.Length == 1 ? committed[0].Entry?.Epoch : null,
            NewestReign: reigns.Length > 0 ? reigns.Max() : null,
            MajorityElsewhere: branches.Except(committed).Any(branch => branch.Acknowledged(position) * 2 > setSize));
        var rule = Rules.First(rule => rule.Fits(facts));
        return (rule.Outcome, rule.Why);
    }

    private sealed record Facts(int Committed, bool SameReign, ulong? CommittedReign, ulong? NewestReign, bool MajorityElsewhere);

    private sealed record Rule(DiffOutcome Outcome, string Why, Func<Facts, bool> Fits);
}
