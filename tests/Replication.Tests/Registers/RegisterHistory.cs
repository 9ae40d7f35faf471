using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Tests.Registers;

/// <summary>
/// Sees everything that is proposed and accepted and holds the one theorem against it: whatever was proposed above a chosen ballot descends
/// from what was chosen there. Written against the definition of "chosen", not against the code.
/// </summary>
internal sealed class RegisterHistory(IReadOnlyList<ReplicaId> founded)
{
    private readonly Dictionary<Ballot, (Ballot Parent, RegisterState State)> _proposed = new()
    {
        [Ballot.None] = (Ballot.None, new RegisterState(founded, 0, default)),
    };

    private readonly Dictionary<Ballot, HashSet<ReplicaId>> _votes = [];
    private readonly SortedSet<Ballot> _chosen = [];

    /// <summary>Version of the newest chosen state.</summary>
    public ulong ChosenVersion => _chosen.Count == 0 ? 0 : _proposed[_chosen.Max].State.Version;

    public Ballot? NewestChosen => _chosen.Count == 0 ? null : _chosen.Max;

    public int ChosenCount => _chosen.Count;

    public int AcceptorChanges => Chain(_chosen.Count == 0 ? Ballot.None : _chosen.Max)
        .Count(b => b != Ballot.None && !AcceptorSet.AreSame(_proposed[b].State.Acceptors, _proposed[_proposed[b].Parent].State.Acceptors));

    public bool IsChosen(Ballot ballot) => _chosen.Contains(ballot);

    public void Proposed(Ballot ballot, Ballot parent, RegisterState state)
    {
        Assert.True(_proposed.TryAdd(ballot, (parent, state)), "a ballot proposes once");
        var before = _proposed[parent].State;
        Assert.True(state.Version == before.Version || state.Version == before.Version + 1, "versions increase by one");
        foreach (var chosen in _chosen.Where(c => c < ballot))
        {
            AssertDescends(ballot, chosen);
        }
    }

    public void Accepted(Ballot ballot, ReplicaId acceptor)
    {
        if (!_votes.TryGetValue(ballot, out var votes))
        {
            _votes[ballot] = votes = [];
        }

        votes.Add(acceptor);
        if (_chosen.Contains(ballot) || votes.Count(_proposed[ballot].State.Acceptors.Contains) <= _proposed[ballot].State.Acceptors.Count / 2)
        {
            return;
        }

        foreach (var later in _proposed.Keys.Where(b => b > ballot))
        {
            AssertDescends(later, ballot);
        }

        foreach (var earlier in _chosen.Where(b => b < ballot))
        {
            AssertDescends(ballot, earlier);
        }

        _chosen.Add(ballot);
    }

    /// <summary>The stamp of each version, from the founding to <paramref name="last"/>.</summary>
    public IReadOnlyList<UInt128> StampsUpTo(Ballot last)
    {
        var stamps = new List<UInt128>();
        foreach (var ballot in Chain(last).Reverse())
        {
            var state = _proposed[ballot].State;
            if (state.Version == 0)
            {
                continue;
            }

            var (stamp, _) = StampedValue.Read(state.Value);
            if (state.Version == (ulong)stamps.Count)
            {
                Assert.Equal(stamps[^1], stamp);
            }
            else
            {
                stamps.Add(stamp);
                Assert.Equal((ulong)stamps.Count, state.Version);
            }
        }

        return stamps;
    }

    private void AssertDescends(Ballot later, Ballot chosen) =>
        Assert.True(Chain(later).Contains(chosen), $"{later} does not descend from {chosen}, which is chosen");

    private IEnumerable<Ballot> Chain(Ballot from)
    {
        for (var ballot = from; ; ballot = _proposed[ballot].Parent)
        {
            yield return ballot;
            if (ballot == Ballot.None)
            {
                yield break;
            }
        }
    }
}
