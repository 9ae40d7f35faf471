using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>
/// Compares replicas by the hashes of their entries, a window at a time, so that memory is bounded. As each hash covers all
/// before it, replicas are grouped by history: a group splits at the first position where its members differ, and never
/// joins again.
/// </summary>
internal sealed class Comparison
{
    private const ulong WindowEntries = 1 << 16;

    private readonly IReadOnlyList<ComparedReplica> _replicas;
    private readonly List<DiffDivergence> _divergences = [];
    private List<ComparedReplica[]> _histories;
    private ulong _compared;

    private Comparison(IReadOnlyList<ComparedReplica> replicas)
    {
        _replicas = replicas;
        _histories = [[.. replicas]];
    }

    /// <exception cref="InspectionException">They are not replicas of one journal.</exception>
    public static DiffReport Run(IReadOnlyList<(string Name, JournalDirectory Journal)> directories, Progress progress)
    {
        var comparison = new Comparison([.. directories.Select(directory => new ComparedReplica(directory.Name, directory.Journal))]);
        comparison.RefuseOtherJournals();
        var splits = comparison.ReadAll(progress);
        comparison.Judge(splits);
        comparison.CompareSnapshots();
        return DiffReport.Of(comparison._replicas, comparison._divergences, comparison._compared);
    }

    private void RefuseOtherJournals()
    {
        if (_replicas.FirstOrDefault(replica => replica.Journal != _replicas[0].Journal) is { } other)
        {
            throw new InspectionException($"{_replicas[0].Name} is of journal {_replicas[0].Journal}, {other.Name} of {other.Journal}: they are not replicas of one journal");
        }
    }

    private List<Split> ReadAll(Progress progress)
    {
        var splits = new List<Split>();
        var hashes = _replicas.ToDictionary(replica => replica, _ => new Dictionary<SequenceNumber, ChainHash>());
        var from = _replicas.Select(replica => replica.Begin()).Min();
        var goesOn = from.Value < ulong.MaxValue;
        while (goesOn)
        {
            var to = from.Plus(WindowEntries);
            goesOn = false;
            foreach (var replica in _replicas)
            {
                goesOn |= replica.Read(from, to, hashes[replica], progress);
            }

            for (var position = from; position < to; position = position.Next)
            {
                Compare(position, hashes, splits);
            }

            from = to;
        }

        return splits;
    }

    private void Compare(SequenceNumber position, Dictionary<ComparedReplica, Dictionary<SequenceNumber, ChainHash>> hashes, List<Split> splits)
    {
        foreach (var history in _histories.ToArray())
        {
            var holders = history.Where(replica => hashes[replica].ContainsKey(position)).ToArray();
            if (holders.Length < 2)
            {
                continue;
            }

            _compared++;
            var values = holders.GroupBy(replica => hashes[replica][position]).ToArray();
            if (values.Length > 1)
            {
                splits.Add(new Split(position, [.. values.Select(value => BranchOf(position, value))]));
                Separate(history, values);
            }
        }
    }

    private static Branch BranchOf(SequenceNumber position, IGrouping<ChainHash, ComparedReplica> holders) =>
        new(holders.Key, [.. holders], holders.Select(member => member.Show(position)).FirstOrDefault(shown => shown is not null));

    /// <summary>Who has nothing at the position goes with the larger side: it can only be found to differ from it later.</summary>
    private void Separate(ComparedReplica[] history, IGrouping<ChainHash, ComparedReplica>[] values)
    {
        var sides = values.OrderByDescending(value => value.Count()).Select(value => value.ToList()).ToList();
        sides[0].AddRange(history.Except(sides.SelectMany(side => side)));
        _histories = [.. _histories.Where(other => other != history), .. sides.Select(side => side.ToArray())];
    }

    // Only when everything was read is it known what each history proves.
    private void Judge(List<Split> splits)
    {
        var setSize = Math.Max(_replicas.Count, _replicas.Max(replica => replica.SetSize));
        foreach (var split in splits)
        {
            var (outcome, why) = DivergenceRules.Judge(split.Position, split.Branches, setSize);
            _divergences.Add(DiffDivergence.Of(split.Position, split.Branches, outcome, why, setSize));
        }
    }

    /// <summary>The same entries must have made the same state.</summary>
    private void CompareSnapshots()
    {
        var positions = _replicas.SelectMany(replica => replica.Snapshots).GroupBy(file => file.Position).OrderBy(group => group.Key);
        foreach (var snapshots in positions)
        {
            var headers = snapshots.Select(file => file.Header!.Value).ToArray();
            var sameEntries = headers.Select(header => header.Applied.LastHash).Distinct().Count() == 1;
            if (sameEntries && headers.Select(header => header.StateHash).Distinct().Count() > 1)
            {
                _divergences.Add(DiffDivergence.OfStates(snapshots.Key, _replicas));
            }
        }
    }

    private sealed record Split(SequenceNumber Position, IReadOnlyList<Branch> Branches);
}
