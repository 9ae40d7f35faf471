using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Views;
using ControlPlane.Primitives;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>What <c>diff</c> says.</summary>
internal sealed record DiffReport : View
{
    public required DiffOutcome Outcome { get; init; }

    public required string Journal { get; init; }

    /// <summary>Positions that more than one replica of a history has.</summary>
    public required ulong Compared { get; init; }

    public required IReadOnlyList<DiffReplica> Replicas { get; init; }

    /// <summary>Where histories part, in order; of one that has parted nothing further is compared with the others.</summary>
    public required IReadOnlyList<DiffDivergence> Divergences { get; init; }

    public static DiffReport Of(IReadOnlyList<ComparedReplica> replicas, IReadOnlyList<DiffDivergence> divergences, ulong compared) => new()
    {
        Outcome = divergences.Select(divergence => divergence.Outcome)
            .Concat(replicas.Where(replica => replica.Losses.Count > 0).Select(_ => DiffOutcome.Unreadable))
            .DefaultIfEmpty(DiffOutcome.Agree)
            .Max(),
        Journal = replicas[0].Journal.ToString(),
        Compared = compared,
        Replicas = [.. replicas.Select(replica => DiffReplica.Of(replica, replicas))],
        Divergences = divergences,
    };

    /// <inheritdoc/>
    public override IRenderable Render() => DiffLayout.Of(this);
}

/// <summary>One replica.</summary>
/// <param name="Name">Its directory as it was named.</param>
/// <param name="Replica">Its id.</param>
/// <param name="First">First entry kept; absent if there is none.</param>
/// <param name="Last">Last entry.</param>
/// <param name="Acknowledged">What it has acknowledged, by its watermark.</param>
/// <param name="Committed">What its own history proves to be committed.</param>
/// <param name="Note">How it differs in extent: harmless by itself.</param>
/// <param name="Losses">What cannot be read of it.</param>
internal sealed record DiffReplica(
    string Name, string Replica, ulong? First, ulong? Last, ulong? Acknowledged, ulong Committed, string Note, IReadOnlyList<Finding> Losses)
{
    public static DiffReplica Of(ComparedReplica replica, IReadOnlyList<ComparedReplica> all) => new(
        replica.Name,
        replica.Id.ToString(),
        replica.First?.Value,
        replica.Last?.Value,
        replica.Acknowledged?.Value,
        replica.Committed.Value,
        Extent(replica, all),
        replica.Losses);

    private static string Extent(ComparedReplica replica, IReadOnlyList<ComparedReplica> all)
    {
        var first = all.Select(other => other.First).Min();
        var last = all.Select(other => other.Last).Max();
        var notes = new List<string>();
        if (replica.Last is not { } end)
        {
            notes.Add("no entries");
        }
        else
        {
            if (replica.First > first)
            {
                notes.Add($"begins at {replica.First}, behind a trim or a snapshot");
            }

            if (end < last)
            {
                notes.Add($"{last.Value.Value - end.Value} shorter");
            }
        }

        if (!replica.IsWhole)
        {
            notes.Add("not whole");
        }

        return string.Join(", ", notes);
    }
}

/// <summary>A position with more than one value.</summary>
/// <param name="Position">The first one of these histories.</param>
/// <param name="Outcome">What it means.</param>
/// <param name="Why">The rule that decided.</param>
/// <param name="Majority">Names of those that hold the value that most hold; absent if none is held by a majority of the set.</param>
/// <param name="Sides">The values.</param>
internal sealed record DiffDivergence(ulong Position, DiffOutcome Outcome, string Why, IReadOnlyList<string>? Majority, IReadOnlyList<DiffSide> Sides)
{
    public static DiffDivergence Of(SequenceNumber position, IReadOnlyList<Branch> branches, DiffOutcome outcome, string why, int setSize) => new(
        position.Value,
        outcome,
        why,
        branches.Where(branch => branch.Members.Count * 2 > setSize).Select(NamesOf).FirstOrDefault(),
        [.. branches.Select(branch => new DiffSide(
            NamesOf(branch), branch.Entry, branch.Hash.ToString(), null, branch.Acknowledged(position), branch.IsCommitted(position)))]);

    /// <summary>Snapshots of the same entries with different states.</summary>
    public static DiffDivergence OfStates(SequenceNumber position, IReadOnlyList<ComparedReplica> replicas)
    {
        var sides = replicas
            .SelectMany(replica => replica.Snapshots.Where(file => file.Position == position).Select(file => (replica.Name, Header: file.Header!.Value)))
            .GroupBy(side => side.Header.StateHash)
            .Select(side => new DiffSide(
                [.. side.Select(each => each.Name)], null, side.First().Header.Applied.LastHash.ToString(), Identifier128.Format(side.Key), side.Count(), true));
        return new DiffDivergence(position.Value, DiffOutcome.CommittedDiffer, "snapshots of the same entries hold different states", null, [.. sides]);
    }

    private static IReadOnlyList<string> NamesOf(Branch branch) => [.. branch.Members.Select(member => member.Name)];
}

/// <summary>One value at a position.</summary>
/// <param name="Holders">Who has it.</param>
/// <param name="Entry">Absent if only a snapshot tells of it.</param>
/// <param name="Hash">Chain hash.</param>
/// <param name="StateHash">Of a snapshot, where states are compared.</param>
/// <param name="Acknowledged">How many of the holders have acknowledged the position.</param>
/// <param name="Committed">A holder's history proves that it is committed.</param>
internal sealed record DiffSide(IReadOnlyList<string> Holders, SideEntry? Entry, string Hash, string? StateHash, int Acknowledged, bool Committed);
